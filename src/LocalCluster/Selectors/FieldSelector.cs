using System.Text;
using LocalCluster.Storage;

namespace LocalCluster.Selectors;

/// <summary>Conditions on fields, all of which must hold: <c>status.phase=Running,metadata.name!=a</c>.</summary>
internal sealed class FieldSelector
{
    private readonly IReadOnlyList<(SelectableField Field, string Value, bool Equal)> _terms;

    private FieldSelector(IReadOnlyList<(SelectableField, string, bool)> terms) => _terms = terms;

    /// <summary>Selects everything.</summary>
    public static FieldSelector Everything { get; } = new([]);

    /// <summary>True when everything is selected.</summary>
    public bool IsEmpty => _terms.Count == 0;

    /// <summary>The one name that can be selected, when the selector says so.</summary>
    public string? RequiredName =>
        _terms.Where(t => t is { Equal: true, Field.Label: "metadata.name" }).Select(t => t.Value).FirstOrDefault();

    /// <summary>Reads a selector.</summary>
    /// <param name="text">As in the query; backslashes escape commas, equal signs and backslashes in values.</param>
    /// <param name="find">Looks a field up by the name that it has in selectors; throws when the kind has no such field.</param>
    /// <exception cref="FormatException">It is malformed or names an unknown field.</exception>
    public static FieldSelector Parse(string text, Func<string, SelectableField> find)
    {
        var terms = new List<(SelectableField, string, bool)>();
        foreach (var term in SplitTerms(text))
        {
            var (label, operation, value) = SplitTerm(term);
            terms.Add((find(label), Unescape(value), operation != "!="));
        }

        return new FieldSelector(terms);
    }

    /// <summary>True when an object fulfils all conditions.</summary>
    public bool Matches(StoredObject obj)
    {
        foreach (var (field, value, equal) in _terms)
        {
            if ((Value(obj, field) == value) != equal)
            {
                return false;
            }
        }

        return true;
    }

    private static string Value(StoredObject obj, SelectableField field) => field.Label switch
    {
        "metadata.name" => obj.Key.Name,
        "metadata.namespace" => obj.Key.Namespace,
        _ => ObjectFields.Scalar(obj.Json, field.Path) ?? field.Absent,
    };

    private static IEnumerable<string> SplitTerms(string text)
    {
        var term = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length)
            {
                term.Append(text[i]).Append(text[++i]);
            }
            else if (text[i] == ',')
            {
                yield return term.ToString();
                term.Clear();
            }
            else
            {
                term.Append(text[i]);
            }
        }

        if (term.Length > 0)
        {
            yield return term.ToString();
        }
    }

    private static (string Label, string Operation, string Value) SplitTerm(string term)
    {
        foreach (var operation in (ReadOnlySpan<string>)["!=", "==", "="])
        {
            if (term.IndexOf(operation, StringComparison.Ordinal) is >= 0 and var at)
            {
                return (term[..at], operation, term[(at + operation.Length)..]);
            }
        }

        throw new FormatException($"invalid selector: '{term}'; can't understand '{term}'");
    }

    private static string Unescape(string value)
    {
        var text = new StringBuilder();
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] == '\\')
            {
                i++;
                if (i == value.Length || value[i] is not ('\\' or ',' or '='))
                {
                    throw new FormatException($"invalid field selector: invalid escape sequence in \"{value}\"");
                }
            }
            else if (value[i] is ',' or '=')
            {
                throw new FormatException($"invalid field selector: unescaped character in \"{value}\"");
            }

            text.Append(value[i]);
        }

        return text.ToString();
    }
}
