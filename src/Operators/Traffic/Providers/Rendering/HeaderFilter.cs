using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Resources.Traffic;

namespace Operators.Traffic.Providers.Rendering;

/// <summary>Header edits as a filter of an HTTPRoute, which takes sixteen of each sort.</summary>
internal static class HeaderFilter
{
    private const int MaxEdits = 16;

    public static JsonObject? Of(HeaderEdits? edits, string field, UnsupportedSettings unsupported)
    {
        if (edits is null)
        {
            return null;
        }

        var filter = new JsonObject()
            .Put("set", Some(edits.Set, $"{field}.set", unsupported).Select(Header).ToJson())
            .Put("add", Some(edits.Add, $"{field}.add", unsupported).Select(Header).ToJson())
            .Put("remove", Some(edits.Remove, $"{field}.remove", unsupported).ToJson());
        return filter.Count > 0 ? filter : null;
    }

    private static IEnumerable<T> Some<T>(IReadOnlyList<T> edits, string field, UnsupportedSettings unsupported)
    {
        unsupported.AddIf(edits.Count > MaxEdits, field, $"an HTTPRoute takes {MaxEdits}; those after are left out");
        return edits.Take(MaxEdits);
    }

    private static JsonObject Header(HeaderValue header) => new() { ["name"] = header.Name, ["value"] = header.Value };
}
