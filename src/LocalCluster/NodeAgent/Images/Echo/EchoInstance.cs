namespace LocalCluster.NodeAgent.Images.Echo;

/// <summary>One echo service: whom it says it is, and what it counts.</summary>
/// <param name="setup">Its container.</param>
/// <param name="version">Tag of its image.</param>
internal sealed class EchoInstance(ContainerSetup setup, string version)
{
    private long _requests;

    public ContainerSetup Setup { get; } = setup;

    public string Version { get; } = version;

    /// <summary>Requests that are to fail first.</summary>
    public FailingFirst FailingFirst { get; } = new();

    /// <summary>Requests that were answered.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    public void CountRequest() => Interlocked.Increment(ref _requests);
}
