using LocalCluster.NodeAgent.Images.Echo;

namespace LocalCluster.NodeAgent.Images;

/// <summary>
/// What runs in place of every image that this process does not know: a small service that answers with what it was asked. Its log says so,
/// and that the container's command was not run.
/// </summary>
/// <param name="server">Serves all of them.</param>
internal sealed class EchoImage(EchoServer server) : IContainerImage
{
    /// <inheritdoc/>
    public Task<IRunningContainer> StartAsync(ContainerSetup setup, CancellationToken cancellationToken)
    {
        var running = server.Listen(new EchoInstance(setup, ImageStore.Tag(setup.Image)), setup.Listen);
        setup.Log($"an echo service runs in place of image {setup.Image}; command and arguments of the container are not run");
        return Task.FromResult(running);
    }
}
