using System.Globalization;
using System.Text.Json.Nodes;
using ControlPlane.Api.Plans;
using ControlPlane.Api.Traffic.Editing;

namespace ControlPlane.Web.Traffic.Form;

/// <summary>A policy that somebody fills in, and what the cluster says against it. Each problem is shown at the nearest field that the form shows.</summary>
/// <param name="schema">The spec, as the cluster describes it.</param>
/// <param name="spec">The spec, as it is filled in; changed in place.</param>
/// <param name="changed">Told after every change.</param>
public sealed class PolicyForm(SchemaField schema, JsonObject spec, Action changed)
{
    private ILookup<string, string> _problems = Enumerable.Empty<(string, string)>().ToLookup(static item => item.Item1, static item => item.Item2);

    /// <summary>The spec, as the cluster describes it.</summary>
    public SchemaField Schema { get; } = schema;

    /// <summary>The spec, as it is filled in.</summary>
    public JsonObject Spec { get; } = spec;

    /// <summary>Id of the element of a field.</summary>
    public static string IdOf(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return string.Concat(path.Select(static letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-'));
    }

    /// <summary>What is wrong with a field.</summary>
    public IReadOnlyList<string> ProblemsAt(string path) => [.. _problems[path]];

    /// <summary>Shows what is wrong, each at its field.</summary>
    public void Show(IEnumerable<ManifestProblem> problems)
    {
        var shown = new HashSet<string>(StringComparer.Ordinal);
        Collect(Schema, Schema.Name, Spec, shown);
        _problems = problems.ToLookup(problem => PlaceOf(problem.Field, shown), static problem => problem.Message);
    }

    /// <summary>Tells that something was changed: what was said against it may hold no longer.</summary>
    public void Touch()
    {
        _problems = Enumerable.Empty<(string, string)>().ToLookup(static item => item.Item1, static item => item.Item2);
        changed();
    }

    /// <summary>The nearest field around a path that is shown; the spec itself for what is none of its fields.</summary>
    private string PlaceOf(string path, HashSet<string> shown)
    {
        for (var at = path; at.Length > 0; at = at[..Math.Max(0, at.LastIndexOfAny(['.', '[']))])
        {
            if (shown.Contains(at))
            {
                return at;
            }
        }

        return Schema.Name;
    }

    private static void Collect(SchemaField field, string path, JsonNode? value, HashSet<string> shown)
    {
        shown.Add(path);
        if (field.Shape == FieldShape.Group)
        {
            foreach (var inner in field.Fields.Where(inner => inner.IsRequired || (value as JsonObject)?.ContainsKey(inner.Name) == true))
            {
                Collect(inner, $"{path}.{inner.Name}", (value as JsonObject)?[inner.Name], shown);
            }
        }
        else if (field is { Shape: FieldShape.List, Item: { Shape: not FieldShape.Choice } item } && value is JsonArray items)
        {
            for (var i = 0; i < items.Count; i++)
            {
                Collect(item, string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]"), items[i], shown);
            }
        }
    }
}
