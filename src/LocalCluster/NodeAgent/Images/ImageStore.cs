using Fleet;

namespace LocalCluster.NodeAgent.Images;

/// <summary>
/// What stands behind the name of an image. Tags decide for demonstrations: <c>missing</c> can't be pulled, <c>broken</c> and any tag with
/// <c>crash</c> in it end at once with exit code 1. <c>fleet/&lt;service&gt;</c> are the services of samples/Fleet; everything else is an
/// echo service.
/// </summary>
/// <param name="echo">Runs the echo services.</param>
/// <param name="stores">What the instances of the services share, and find again after a restart.</param>
/// <param name="time">Clock of the services.</param>
internal sealed class ImageStore(EchoImage echo, FleetStores stores, TimeProvider time)
{
    private const string Missing = "missing";
    private const string Broken = "broken";
    private const string Crash = "crash";

    /// <summary>Finds an image; null when it can't be pulled.</summary>
    public IContainerImage? Pull(string image)
    {
        var tag = Tag(image);
        return tag == Missing ? null
            : tag == Broken || tag.Contains(Crash, StringComparison.Ordinal) ? CrashingImage.Instance
            : FleetImages.TryGetService(image, out var service, out var version) ? new FleetImage(service, version, stores, time)
            : echo;
    }

    /// <summary>The tag of an image, <c>latest</c> when it has none.</summary>
    public static string Tag(string image) => Parts(image) is [_, var tag] ? tag : "latest";

    /// <summary>The name of an image without its registry, folders, tag and digest.</summary>
    public static string Name(string image) => Parts(image)[0];

    private static string[] Parts(string image) => image[(image.LastIndexOf('/') + 1)..].Split('@')[0].Split(':', 2);
}
