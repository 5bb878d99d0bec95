namespace Fleet.Hosting;

/// <summary>
/// Id of the request that is being served, for the log lines and the outbound calls that it causes. One per instance, so that two instances
/// in one process never see each other's.
/// </summary>
internal sealed class CurrentRequest
{
    private readonly AsyncLocal<string?> _id = new();

    /// <summary>Null outside of a request.</summary>
    public string? Id
    {
        get => _id.Value;
        set => _id.Value = value;
    }
}
