using System.Text.Json;

namespace ControlPlane.Kubernetes.Applying;

/// <summary>Who set which fields of an object, as the API server records it in <c>metadata.managedFields</c>.</summary>
/// <param name="Manager">Name of the field manager.</param>
/// <param name="Operation"><c>Apply</c> or <c>Update</c>.</param>
/// <param name="Subresource">Subresource that it wrote; empty for the object itself.</param>
/// <param name="Time">When it wrote last (UTC); null when not on record.</param>
/// <param name="Fields">The fields, in the order of the record.</param>
public sealed record ManagedFields(string Manager, string Operation, string Subresource, DateTimeOffset? Time, IReadOnlyList<FieldPath> Fields)
{
    /// <summary>Reads the records of an object.</summary>
    /// <param name="json">The object as the API serves it, UTF-8.</param>
    public static IReadOnlyList<ManagedFields> Of(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.TryGetProperty("metadata", out var metadata) && metadata.TryGetProperty("managedFields", out var entries)
            ? [.. entries.EnumerateArray().Select(Read)]
            : [];
    }

    private static ManagedFields Read(JsonElement entry) => new(
        Text(entry, "manager"),
        Text(entry, "operation"),
        Text(entry, "subresource"),
        entry.TryGetProperty("time", out var time) && time.TryGetDateTimeOffset(out var at) ? at : null,
        entry.TryGetProperty("fieldsV1", out var fields) ? [.. Leaves(fields, FieldPath.Root)] : []);

    private static string Text(JsonElement entry, string name) => entry.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";

    /// <summary>The ends of the tree. An item that is owned as such (<c>"."</c>) is named only when none of its fields is.</summary>
    private static IEnumerable<FieldPath> Leaves(JsonElement fields, FieldPath at)
    {
        var below = fields.EnumerateObject().Where(step => step.Name != ".").ToList();
        return below.Count == 0 ? [at] : below.SelectMany(step => Leaves(step.Value, at.Then(step.Name)));
    }
}
