using System.Net;
using LocalCluster.Workloads;

namespace LocalCluster.NodeAgent.Images;

/// <summary>Something that a container can run in this process.</summary>
internal interface IContainerImage
{
    /// <summary>Starts a container. Throws whatever keeps the program from starting.</summary>
    Task<IRunningContainer> StartAsync(ContainerSetup setup, CancellationToken cancellationToken);
}

/// <summary>A container that runs. Disposing it ends it at once, whatever it is doing.</summary>
internal interface IRunningContainer : IAsyncDisposable
{
    /// <summary>Completes with the exit code.</summary>
    Task<int> Exited { get; }

    /// <summary>Asks it to end, and lets it finish what it is doing until cancelled.</summary>
    Task StopAsync(CancellationToken kill);
}

/// <summary>What a container is given.</summary>
internal sealed record ContainerSetup
{
    /// <summary>Its pod.</summary>
    public required Pod Pod { get; init; }

    /// <summary>Image, as declared.</summary>
    public required string Image { get; init; }

    /// <summary>Zone of its node.</summary>
    public required string Zone { get; init; }

    /// <summary>Address of the pod.</summary>
    public required IPAddress Address { get; init; }

    /// <summary>Where it listens: the pod's address with each of the container's TCP ports.</summary>
    public required IReadOnlyList<IPEndPoint> Listen { get; init; }

    /// <summary>Environment variables, resolved.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>Takes its log.</summary>
    public required Action<string> Log { get; init; }

    /// <summary>Makes the handler of its outbound calls.</summary>
    public required Func<HttpMessageHandler> Outbound { get; init; }
}

/// <summary>A container that is nothing but its exit code.</summary>
/// <param name="exitCode">How it ended.</param>
internal sealed class EndedContainer(int exitCode) : IRunningContainer
{
    /// <inheritdoc/>
    public Task<int> Exited { get; } = Task.FromResult(exitCode);

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken kill) => Task.CompletedTask;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
