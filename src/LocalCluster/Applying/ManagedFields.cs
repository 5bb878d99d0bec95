using System.Text.Json.Nodes;

namespace LocalCluster.Applying;

/// <summary>Who writes fields. One who applies is the same in all versions of a kind; one who updates is another in each.</summary>
/// <param name="Name">Name of the manager.</param>
/// <param name="IsApply">True for server-side apply, false for all other writes.</param>
/// <param name="ApiVersion">Version of the writes; empty for an applier.</param>
/// <param name="Subresource">Subresource that is written through; empty for the object itself.</param>
internal sealed record FieldWriter(string Name, bool IsApply, string ApiVersion, string Subresource)
{
    /// <summary>Somebody who applies.</summary>
    public static FieldWriter Applier(string name, string subresource) => new(name, true, "", subresource);

    /// <summary>Somebody who writes in any other way.</summary>
    public static FieldWriter Updater(string name, string apiVersion, string subresource) => new(name, false, apiVersion, subresource);

    /// <inheritdoc/>
    public override string ToString()
    {
        var text = $"\"{Name}\"" + (Subresource.Length > 0 ? $" with subresource \"{Subresource}\"" : "");
        return IsApply ? text : $"{text} using {ApiVersion}";
    }
}

/// <summary>What a writer owns.</summary>
/// <param name="Fields">The fields.</param>
/// <param name="ApiVersion">Version in which their paths are meant.</param>
/// <param name="Time">When the writer changed them last, as the API writes times; null when that is not known.</param>
internal sealed record OwnedFields(FieldSet Fields, string ApiVersion, string? Time);

/// <summary>Who owns which fields of an object: <c>metadata.managedFields</c>.</summary>
internal sealed class ManagedFields
{
    private readonly Dictionary<FieldWriter, OwnedFields> _owners = [];

    /// <summary>Everybody who owns something.</summary>
    public IReadOnlyDictionary<FieldWriter, OwnedFields> Owners => _owners;

    /// <summary>What a writer owns; setting nothing forgets the writer.</summary>
    public OwnedFields? this[FieldWriter writer]
    {
        get => _owners.GetValueOrDefault(writer);
        set
        {
            if (value is null || value.Fields.IsEmpty)
            {
                _owners.Remove(writer);
            }
            else
            {
                _owners[writer] = value;
            }
        }
    }

    /// <summary>Reads the list; null when it is malformed.</summary>
    public static ManagedFields? Read(JsonArray? entries)
    {
        var managed = new ManagedFields();
        try
        {
            foreach (var entry in entries ?? [])
            {
                var operation = (string?)entry!["operation"];
                if (operation is not ("Apply" or "Update"))
                {
                    return null;
                }

                var version = (string?)entry["apiVersion"] ?? "";
                var writer = new FieldWriter(
                    (string?)entry["manager"] ?? "",
                    operation == "Apply",
                    operation == "Apply" ? "" : version,
                    (string?)entry["subresource"] ?? "");
                managed._owners[writer] = new OwnedFields(
                    FieldsV1.Read(entry["fieldsV1"] as JsonObject ?? []), version, (string?)entry["time"]);
            }
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException)
        {
            return null;
        }

        return managed;
    }

    /// <summary>Writes the list; null when nobody owns anything.</summary>
    public JsonArray? Write() => _owners.Count == 0
        ? null
        : new JsonArray([
            .. _owners.OrderBy(o => o.Key.IsApply ? 0 : 1)
                .ThenBy(o => o.Value.Time, StringComparer.Ordinal)
                .ThenBy(o => o.Key.Name, StringComparer.Ordinal)
                .ThenBy(o => o.Value.ApiVersion, StringComparer.Ordinal)
                .ThenBy(o => o.Key.Subresource, StringComparer.Ordinal)
                .Select(o => Write(o.Key, o.Value)),
        ]);

    private static JsonObject Write(FieldWriter writer, OwnedFields owned)
    {
        var entry = new JsonObject
        {
            ["apiVersion"] = owned.ApiVersion,
            ["fieldsType"] = "FieldsV1",
            ["fieldsV1"] = FieldsV1.Write(owned.Fields),
            ["manager"] = writer.Name,
            ["operation"] = writer.IsApply ? "Apply" : "Update",
        };
        if (writer.Subresource.Length > 0)
        {
            entry["subresource"] = writer.Subresource;
        }

        if (owned.Time is not null)
        {
            entry["time"] = owned.Time;
        }

        return entry;
    }
}
