namespace LocalCluster.Lifecycle;

/// <summary>A part of the cluster that works by itself while the server runs.</summary>
internal interface ILifecycle
{
    /// <summary>Works until cancelled. What was left undone when the server stopped last is taken up first.</summary>
    Task RunAsync(CancellationToken cancellationToken);
}
