namespace LocalCluster.NodeAgent.Images;

/// <summary>A program that ends as soon as it starts, for demonstrations of a bad version.</summary>
internal sealed class CrashingImage : IContainerImage
{
    public static CrashingImage Instance { get; } = new();

    /// <inheritdoc/>
    public Task<IRunningContainer> StartAsync(ContainerSetup setup, CancellationToken cancellationToken)
    {
        setup.Log($"image {setup.Image} is made to fail: its tag says so");
        return Task.FromResult<IRunningContainer>(new EndedContainer(exitCode: 1));
    }
}
