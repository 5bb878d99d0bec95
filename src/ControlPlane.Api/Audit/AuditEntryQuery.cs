using System.Text;
using System.Text.Json.Nodes;
using Compliance.Audit;
using ControlPlane.Api.Access;
using ControlPlane.Api.Manifests;
using ControlPlane.Kubernetes.Manifests;

namespace ControlPlane.Api.Audit;

/// <summary>All about one entry of the log.</summary>
public sealed class AuditEntryQuery(IAuditReader reader, Authorizer authorizer)
{
    private const int MostRelated = 100;

    /// <summary>An entry; null when there is none of that index, when it was pruned, or when it is none of the caller's.</summary>
    /// <exception cref="AccessException">The caller may not read the log.</exception>
    public async Task<AuditEntryDetails?> FindAsync(long index, CancellationToken cancellationToken)
    {
        if (await ReadAsync(index, cancellationToken) is not { } entry)
        {
            return null;
        }

        var said = RecordedEntry.Of(entry);
        var sides = Sides(said.Before, said.After);
        return new AuditEntryDetails
        {
            Entry = said,
            Leaf = TreeHash.OfLeaf(entry.Bytes.Span).ToString(),
            Text = Encoding.UTF8.GetString(entry.Bytes.Span),
            Before = sides.Before,
            After = sides.After,
            Related = await RelatedAsync(said, cancellationToken),
        };
    }

    /// <summary>The exact bytes of an entry that the caller may see; null when there is none.</summary>
    /// <exception cref="AccessException">The caller may not read the log.</exception>
    public async Task<AuditEntry?> ReadAsync(long index, CancellationToken cancellationToken)
    {
        var namespaces = authorizer.DemandNamespaces(Permissions.ReadAudit);
        if (index < 0 || index >= reader.Size)
        {
            return null;
        }

        await foreach (var entry in reader.ReadAsync(index, index + 1, cancellationToken))
        {
            return namespaces is null || (RecordedEntry.Of(entry).Object is { } item && namespaces.Contains(item.Namespace)) ? entry : null;
        }

        return null;
    }

    private async Task<IReadOnlyList<RecordedEntry>> RelatedAsync(RecordedEntry entry, CancellationToken cancellationToken)
    {
        if (entry.CorrelationId is not { } correlation)
        {
            return [];
        }

        var query = new AuditQuery { CorrelationId = correlation, Namespaces = authorizer.DemandNamespaces(Permissions.ReadAudit) };
        var found = await reader.SearchAsync(query, before: null, MostRelated, cancellationToken);
        return [.. found.Where(other => other.Index != entry.Index).OrderBy(other => other.Index).Select(RecordedEntry.Of)];
    }

    /// <summary>The states before and after as YAML; objects with their fields in the same order and without what the API server keeps for itself.</summary>
    private static (string? Before, string? After) Sides(JsonNode? before, JsonNode? after)
    {
        if (before is null or JsonObject && after is null or JsonObject)
        {
            var diff = ObjectDiff.Of(before as JsonObject, after as JsonObject);
            return (before is null ? null : diff.Before, after is null ? null : diff.After);
        }

        return (before is null ? null : ManifestWriter.ToYaml(before), after is null ? null : ManifestWriter.ToYaml(after));
    }
}

/// <summary>All about one entry.</summary>
public sealed record AuditEntryDetails
{
    /// <summary>What it says.</summary>
    public required RecordedEntry Entry { get; init; }

    /// <summary>Hash of its bytes as a leaf of the tree, in hexadecimal.</summary>
    public required string Leaf { get; init; }

    /// <summary>The exact bytes, as text: hash these, and nothing that was made of them.</summary>
    public required string Text { get; init; }

    /// <summary>State before, as YAML; null when the entry has none.</summary>
    public string? Before { get; init; }

    /// <summary>State after, as YAML; null when the entry has none.</summary>
    public string? After { get; init; }

    /// <summary>What else the same request caused, in order.</summary>
    public IReadOnlyList<RecordedEntry> Related { get; init; } = [];
}
