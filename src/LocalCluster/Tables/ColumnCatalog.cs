using System.Collections.Frozen;
using System.Text.Json.Nodes;
using LocalCluster.Resources;

namespace LocalCluster.Tables;

/// <summary>The columns of every kind.</summary>
/// <param name="clock">Time, since ages are counted from now.</param>
internal sealed class ColumnCatalog(TimeProvider clock)
{
    private static readonly TableColumn[] CreatedAt =
        [new("Created At", o => o.Metadata["creationTimestamp"]?.DeepClone(), "date", Description: "CreationTimestamp is the time at which the object was created (UTC).")];

    private readonly FrozenDictionary<string, TableColumn[]> _builtIn =
        WorkloadColumns.All(clock).Concat(NetworkColumns.All(clock)).Concat(ClusterColumns.All(clock)).ToFrozenDictionary();

    /// <summary>The columns of a resource, after the one with the name.</summary>
    public IReadOnlyList<TableColumn> For(ApiResource resource) =>
        resource.IsCustom
            ? CustomColumns.Read(resource.PrinterColumns, clock)
            : _builtIn.GetValueOrDefault(resource.StorageName, CreatedAt);
}
