using System.Text.Json;
using System.Text.Json.Nodes;
using LocalCluster.Resources;

namespace LocalCluster.Tables;

/// <summary>The columns that a CustomResourceDefinition asks for.</summary>
internal static class CustomColumns
{
    private static readonly JsonPath Created = JsonPath.Parse(".metadata.creationTimestamp");

    /// <summary>Reads <c>additionalPrinterColumns</c> of a version.</summary>
    /// <exception cref="FormatException">A JSON path is malformed.</exception>
    public static IReadOnlyList<TableColumn> Read(JsonArray? columns, TimeProvider clock) =>
        columns is null or []
            ? [new TableColumn("Age", Cell(Created, "date", clock), "date", Description: "Creation time of the object.")]
            : [.. columns.Select(c => Read(c!.AsObject(), clock))];

    private static TableColumn Read(JsonObject column, TimeProvider clock)
    {
        var type = (string?)column["type"] ?? "string";
        return new TableColumn(
            (string?)column["name"] ?? "",
            Cell(JsonPath.Parse((string?)column["jsonPath"] ?? ""), type, clock),
            type,
            (int?)(long?)column["priority"] ?? 0,
            (string?)column["format"] ?? "",
            (string?)column["description"] ?? "");
    }

    private static Func<KubeObject, JsonNode?> Cell(JsonPath path, string type, TimeProvider clock) => obj =>
    {
        var found = path.Find(obj.Json);
        return found.Count == 0 ? null : type switch
        {
            "date" => HumanDuration.Since(found[0], clock.GetUtcNow()),
            "integer" or "number" => found[0].GetValueKind() == JsonValueKind.Number ? found[0].DeepClone() : null,
            "boolean" => found[0].GetValueKind() is JsonValueKind.True or JsonValueKind.False ? found[0].DeepClone() : null,
            _ => string.Join(" ", found.Select(Text)),
        };
    };

    private static string Text(JsonNode value) =>
        value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString();
}
