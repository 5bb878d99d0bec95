namespace LocalCluster.Resources;

/// <summary>Events of the <c>events.k8s.io</c> group are stored as the core group's, which has older names for some fields.</summary>
internal sealed class EventConversion : IVersionConversion
{
    private static readonly (string Served, string Stored)[] Fields =
    [
        ("regarding", "involvedObject"),
        ("note", "message"),
        ("reportingController", "reportingComponent"),
        ("deprecatedSource", "source"),
        ("deprecatedFirstTimestamp", "firstTimestamp"),
        ("deprecatedLastTimestamp", "lastTimestamp"),
        ("deprecatedCount", "count"),
    ];

    /// <summary>The only one.</summary>
    public static EventConversion Instance { get; } = new();

    /// <inheritdoc/>
    public bool IsIdentity => false;

    /// <inheritdoc/>
    public void ToStored(KubeObject obj)
    {
        obj.ApiVersion = "v1";
        foreach (var (served, stored) in Fields)
        {
            Rename(obj, served, stored);
        }
    }

    /// <inheritdoc/>
    public void FromStored(KubeObject obj)
    {
        obj.ApiVersion = "events.k8s.io/v1";
        foreach (var (served, stored) in Fields)
        {
            Rename(obj, stored, served);
        }
    }

    private static void Rename(KubeObject obj, string from, string to)
    {
        if (obj.Json.Remove(from, out var value))
        {
            obj.Json[to] = value;
        }
    }
}
