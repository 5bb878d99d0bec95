using System.Globalization;
using System.Net;
using LocalCluster.NodeAgent.Images.Echo;

namespace LocalCluster.NodeAgent.Images;

/// <summary>
/// What runs in place of every image that this process does not know: a small service that answers with what it was asked, in the shape of the
/// Gateway API's echo-basic. Its log says so, and that the container's command was not run.
/// </summary>
/// <param name="server">Serves all of them.</param>
internal sealed class EchoImage(EchoServer server) : IContainerImage
{
    /// <summary>The image of the Gateway API's conformance suite. Its pods declare no ports; it listens where its variables say, and has defaults.</summary>
    private const string EchoBasic = "echo-basic";

    /// <inheritdoc/>
    public Task<IRunningContainer> StartAsync(ContainerSetup setup, CancellationToken cancellationToken)
    {
        var running = server.Listen(new EchoInstance(setup, ImageStore.Tag(setup.Image)), Http1(setup), Http2(setup));
        setup.Log($"an echo service runs in place of image {setup.Image}; command and arguments of the container are not run");
        return Task.FromResult(running);
    }

    private static List<IPEndPoint> Http1(ContainerSetup setup) =>
        IsEchoBasic(setup) ? [.. setup.Listen.Except(Http2(setup)).Union([Port(setup, "HTTP_PORT", 3000)])] : [.. setup.Listen];

    private static List<IPEndPoint> Http2(ContainerSetup setup) => IsEchoBasic(setup) ? [Port(setup, "H2C_PORT", 3001)] : [];

    private static bool IsEchoBasic(ContainerSetup setup) => ImageStore.Name(setup.Image) == EchoBasic;

    private static IPEndPoint Port(ContainerSetup setup, string variable, int otherwise)
    {
        var isGiven = int.TryParse(setup.Environment.GetValueOrDefault(variable), CultureInfo.InvariantCulture, out var port) && port is > 0 and <= IPEndPoint.MaxPort;
        return new IPEndPoint(setup.Address, isGiven ? port : otherwise);
    }
}
