using System.Threading.Channels;
using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Controllers;
using ControlPlane.Kubernetes.Resources;
using Gateway.Resources;

namespace Gateway.Hosting;

/// <summary>What changed in the cluster since it was planned last: single routes, or something that concerns them all.</summary>
internal sealed class PendingChanges
{
    private readonly Lock _gate = new();
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private HashSet<ObjectKey> _routes = [];
    private bool _everything;

    public PendingChanges(ClusterCaches caches)
    {
        caches.RouteInformer.Cache.Subscribe(change => When(Changes.OfDeclaration(change), change.Key));
        caches.ServiceInformer.Cache.Subscribe(change =>
        {
            if (IsOther(change))
            {
                Add(caches.RoutesTo(change.Key));
            }
        });
        caches.ClassInformer.Cache.Subscribe(change => All(Changes.OfDeclaration(change)));
        caches.GatewayInformer.Cache.Subscribe(change => All(Changes.OfDeclaration(change)));
        caches.GrantInformer.Cache.Subscribe(change => All(Changes.OfDeclaration(change)));
        caches.NamespaceInformer.Cache.Subscribe(change => All(Changes.OfDeclaration(change)));
        caches.SecretInformer.Cache.Subscribe(_ => All(changed: true));
    }

    /// <summary>Waits until there is something.</summary>
    public async ValueTask WaitAsync(CancellationToken cancellationToken) => await _signal.Reader.ReadAsync(cancellationToken);

    /// <summary>Takes what there is. Null for everything.</summary>
    public IReadOnlyCollection<ObjectKey>? Take()
    {
        lock (_gate)
        {
            IReadOnlyCollection<ObjectKey>? taken = _everything ? null : _routes;
            (_routes, _everything) = ([], false);
            return taken;
        }
    }

    /// <summary>Has everything looked at once more.</summary>
    public void All(bool changed = true)
    {
        if (changed)
        {
            lock (_gate)
            {
                _everything = true;
            }

            _signal.Writer.TryWrite(true);
        }
    }

    private void When(bool changed, ObjectKey route)
    {
        if (changed)
        {
            Add([route]);
        }
    }

    private void Add(IEnumerable<ObjectKey> routes)
    {
        lock (_gate)
        {
            _routes.UnionWith(routes);
        }

        _signal.Writer.TryWrite(true);
    }

    /// <summary>Whether routes could see another Service than before. (Services have no generation.)</summary>
    private static bool IsOther(CacheChange<Service> change) =>
        change is not { Old.Spec: { } old, New.Spec: { } now } || old.Type != now.Type || !old.Ports.SequenceEqual(now.Ports);
}
