using System.Text.Json.Nodes;
using LocalCluster.Resources;

namespace LocalCluster.Tables;

/// <summary>One column of the table that <c>kubectl get</c> shows.</summary>
/// <param name="Name">Heading.</param>
/// <param name="Cell">Value of an object's cell; null for an empty one.</param>
/// <param name="Type">JSON type of the cells, as OpenAPI names it; <c>date</c> for times.</param>
/// <param name="Priority">0 to be shown always, 1 only with <c>-o wide</c>.</param>
/// <param name="Format">Further meaning of the cells, such as <c>name</c>.</param>
/// <param name="Description">For people.</param>
internal sealed record TableColumn(
    string Name, Func<KubeObject, JsonNode?> Cell, string Type = "string", int Priority = 0, string Format = "", string Description = "")
{
    /// <summary>The column that every table begins with.</summary>
    public static TableColumn ObjectName { get; } = new(
        "Name",
        static o => o.Name,
        Format: "name",
        Description: "Name must be unique within a namespace. Is required when creating resources, although some resources may allow a "
            + "client to request the generation of an appropriate name automatically. Name is primarily intended for creation idempotence "
            + "and configuration definition. Cannot be updated. More info: "
            + "https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names");

    /// <summary>The definition, as the table carries it.</summary>
    public JsonObject ToJson() => new()
    {
        ["name"] = Name,
        ["type"] = Type,
        ["format"] = Format,
        ["description"] = Description,
        ["priority"] = Priority,
    };
}
