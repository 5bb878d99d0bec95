using System.Text;

namespace LocalCluster.Schemas.Crd;

/// <summary>
/// Paths that a CustomResourceDefinition names fields by, such as <c>.spec.replicas</c> and <c>.metadata.labels['app']</c>: names of
/// properties and keys of maps, no items of lists.
/// </summary>
internal static class RuleFieldPath
{
    /// <summary>Finds the field of a path.</summary>
    /// <param name="path">The path.</param>
    /// <param name="schema">The schema that it begins at.</param>
    /// <param name="found">The schema of the field.</param>
    /// <returns>The path as errors name it, <c>spec.replicas</c>; null when it is not well-formed or leads nowhere.</returns>
    public static string? Resolve(string path, SchemaNode schema, out SchemaNode? found)
    {
        found = schema;
        var normalized = new StringBuilder();
        for (var at = 0; at < path.Length;)
        {
            if (Step(path, ref at) is not { } name || found is null)
            {
                return null;
            }

            var isMap = found.Properties.Count == 0 && found.AllowsAdditionalProperties;
            if (!isMap && !found.Properties.ContainsKey(name))
            {
                return null;
            }

            normalized.Append(isMap ? $"[{name}]" : normalized.Length == 0 ? name : $".{name}");
            found = found.Field(name);
        }

        return normalized.ToString();
    }

    /// <summary>Reads <c>.name</c> or <c>['name']</c>; null when there is neither.</summary>
    private static string? Step(string path, ref int at)
    {
        if (path[at] == '.')
        {
            var end = path.AsSpan(++at).IndexOfAny('.', '[', ']');
            var name = end < 0 ? path[at..] : path.Substring(at, end);
            at += name.Length;
            return name.Length > 0 ? name : null;
        }

        if (!path.AsSpan(at).StartsWith("['", StringComparison.Ordinal))
        {
            return null;
        }

        var close = at + 2;
        while (close < path.Length && (path[close] != '\'' || path[close - 1] == '\\'))
        {
            close++;
        }

        if (!path.AsSpan(Math.Min(close, path.Length)).StartsWith("']", StringComparison.Ordinal))
        {
            return null;
        }

        var quoted = path[(at + 2)..close];
        at = close + 2;
        return Unescape(quoted);
    }

    private static string? Unescape(string quoted)
    {
        var text = new StringBuilder(quoted.Length);
        for (var i = 0; i < quoted.Length; i++)
        {
            if (quoted[i] != '\\' || i == quoted.Length - 1)
            {
                text.Append(quoted[i]);
                continue;
            }

            char? plain = quoted[++i] switch
            {
                'a' => '\a',
                'b' => '\b',
                'f' => '\f',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'v' => '\v',
                '\'' or '\\' => quoted[i],
                _ => null,
            };
            if (plain is null)
            {
                return null;
            }

            text.Append(plain);
        }

        return text.ToString();
    }
}
