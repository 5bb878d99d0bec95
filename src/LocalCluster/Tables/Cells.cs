using System.Text.Json.Nodes;
using LocalCluster.Resources;

namespace LocalCluster.Tables;

/// <summary>Builds cells out of the fields of objects. Paths are names separated by dots.</summary>
internal static class Cells
{
    /// <summary>What stands where there is nothing.</summary>
    public const string None = "<none>";

    /// <summary>A column that shows a text.</summary>
    public static TableColumn Column(string name, string path, string absent = "", int priority = 0) =>
        new(name, o => o.Json.Text(path) is { Length: > 0 } text ? text : absent, Priority: priority);

    /// <summary>A column that shows a number.</summary>
    public static TableColumn Count(string name, string path) => new(name, o => o.Json.Number(path), "integer");

    /// <summary>A column that shows the number of items of a list or keys of a map.</summary>
    public static TableColumn Size(string name, string path, string type = "string") => new(
        name, o => o.Json.At(path) switch { JsonArray list => list.Count, JsonObject map => map.Count, _ => 0L }, type);

    /// <summary>A column that shows yes or no.</summary>
    public static TableColumn Flag(string name, string path, bool absent = false) =>
        new(name, o => o.Json.At(path) is { } value ? (bool)value : absent, "boolean");

    /// <summary>A column that is shown with <c>-o wide</c> only.</summary>
    public static TableColumn Wide(string name, Func<KubeObject, JsonNode?> cell) => new(name, cell, Priority: 1);

    /// <summary>How long ago the object was created.</summary>
    public static TableColumn Age(TimeProvider clock, int priority = 0) =>
        new("Age", o => HumanDuration.Since(o.Metadata["creationTimestamp"], clock.GetUtcNow()), Priority: priority);

    /// <summary>Texts separated by commas; <see cref="None"/> when there are none.</summary>
    public static string Join(IEnumerable<string> texts) => string.Join(",", texts) is { Length: > 0 } joined ? joined : None;

    /// <summary>The first few texts, and how many more there are.</summary>
    public static string JoinFirst(IReadOnlyList<string> texts, int most, string absent, string separator = ",") =>
        texts.Count == 0 ? absent
        : texts.Count <= most ? string.Join(separator, texts)
        : $"{string.Join(separator, texts.Take(most))} + {texts.Count - most} more...";

    /// <summary>A label selector in the form that queries have.</summary>
    public static string Selector(JsonNode? selector)
    {
        var terms = (selector.At("matchLabels") as JsonObject ?? []).Select(p => $"{p.Key}={(string?)p.Value}").ToList();
        terms.AddRange(selector.Items("matchExpressions").Select(e => e.Text("operator") switch
        {
            "In" => $"{e.Text("key")} in ({string.Join(",", e.Items("values"))})",
            "NotIn" => $"{e.Text("key")} notin ({string.Join(",", e.Items("values"))})",
            "Exists" => e.Text("key"),
            _ => $"!{e.Text("key")}",
        }));
        return Join(terms.Order(StringComparer.Ordinal));
    }

    /// <summary>A map of labels in the form that queries have.</summary>
    public static string Labels(JsonNode? labels) =>
        Join((labels as JsonObject ?? []).Select(p => $"{p.Key}={(string?)p.Value}").Order(StringComparer.Ordinal));

    /// <summary>Names and images of the containers of a pod template.</summary>
    public static TableColumn[] Containers(string specPath, int priority = 1) =>
    [
        new("Containers", o => Join(o.Json.Items($"{specPath}.containers").Select(c => c.Text("name"))), Priority: priority),
        new("Images", o => Join(o.Json.Items($"{specPath}.containers").Select(c => c.Text("image"))), Priority: priority),
    ];
}
