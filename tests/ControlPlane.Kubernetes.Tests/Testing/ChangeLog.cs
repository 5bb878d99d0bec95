using System.Threading.Channels;
using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Resources;

namespace ControlPlane.Kubernetes.Tests.Testing;

/// <summary>Hears of every change of a cache, for a test to read one by one.</summary>
internal sealed class ChangeLog<T>
    where T : class, IKubeObject
{
    private readonly Channel<CacheChange<T>> _changes = Channel.CreateUnbounded<CacheChange<T>>();

    public ChangeLog(ObjectCache<T> cache) => cache.Subscribe(change => _changes.Writer.TryWrite(change));

    public async Task<CacheChange<T>> NextAsync() =>
        await Patience.For(_changes.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask(), "nothing was told");

    /// <summary>What was told and not read.</summary>
    public IReadOnlyList<CacheChange<T>> Rest()
    {
        var rest = new List<CacheChange<T>>();
        while (_changes.Reader.TryRead(out var change))
        {
            rest.Add(change);
        }

        return rest;
    }
}
