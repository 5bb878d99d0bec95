using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Metrics;
using ControlPlane.Kubernetes.Resources;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Kubernetes.Caching;

/// <summary>Something that follows one kind of object.</summary>
public interface IInformer
{
    /// <summary>The kind.</summary>
    ResourceType Type { get; }

    /// <summary>Completes when the cache was filled for the first time, or the kind is known not to be served.</summary>
    Task Synced { get; }

    /// <summary>How far the cache can be trusted.</summary>
    CacheState State { get; }

    /// <summary>How many objects the cache holds.</summary>
    int Count { get; }

    /// <summary>Follows the server until cancelled.</summary>
    Task RunAsync(CancellationToken cancellationToken);

    /// <summary>Looks at once whether a kind that was not served is served now.</summary>
    void Poke();
}

/// <summary>A cache of one kind and the reflector that keeps it. Shared by everything in the process that reads the kind.</summary>
public sealed class Informer<T> : IInformer
    where T : class, IKubeObject
{
    private readonly Reflector<T> _reflector;

    /// <summary>Makes an informer; nothing is sent until <see cref="RunAsync"/>.</summary>
    public Informer(
        KubeApi api, ResourceType type, CacheScope scope, IObjectDecoder<T> decoder, RuntimeMetrics metrics, TimeProvider time, ILogger<Informer<T>> logger)
    {
        Type = type;
        _reflector = new Reflector<T>(api, type, scope, decoder, Cache, metrics, time, logger);
    }

    /// <inheritdoc/>
    public ResourceType Type { get; }

    /// <summary>The last known state of all objects in scope.</summary>
    public ObjectCache<T> Cache { get; } = new();

    /// <inheritdoc/>
    public Task Synced => _reflector.Synced;

    /// <inheritdoc/>
    public CacheState State => _reflector.State;

    /// <inheritdoc/>
    public int Count => Cache.Count;

    /// <inheritdoc/>
    public Task RunAsync(CancellationToken cancellationToken) => _reflector.RunAsync(cancellationToken);

    /// <inheritdoc/>
    public void Poke() => _reflector.Poke();
}
