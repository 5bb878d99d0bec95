using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Metrics;
using ControlPlane.Kubernetes.Queues;
using ControlPlane.Kubernetes.Resources;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Kubernetes.Controllers;

/// <summary>How a controller works.</summary>
internal sealed record ControllerSettings(
    string Name, string Kind, int Workers, TimeSpan Timeout, TimeSpan ResyncPeriod, IReadOnlyList<IInformer> Informers, Func<IEnumerable<ObjectKey>> PrimaryKeys);

/// <summary>Declares a controller: which kind it is for, what that kind owns, what else concerns it.</summary>
/// <param name="name">Name in metrics, logs and records.</param>
public sealed class ControllerBuilder(string name)
{
    private readonly List<IInformer> _informers = [];
    private readonly List<Action<Controller>> _sources = [];
    private string _kind = "";
    private Func<IEnumerable<ObjectKey>> _primaryKeys = static () => [];
    private int _workers = 4;
    private TimeSpan _timeout = TimeSpan.FromMinutes(1);
    private TimeSpan _resyncPeriod = TimeSpan.FromHours(1);

    /// <summary>Reconciles every object of this kind: on each change that the predicate lets through, and when it is deleted.</summary>
    /// <param name="informer">The kind.</param>
    /// <param name="predicate">Which changes matter; null for all. See <see cref="Changes"/>.</param>
    public ControllerBuilder For<T>(Informer<T> informer, Func<CacheChange<T>, bool>? predicate = null)
        where T : class, IKubeObject
    {
        _kind = informer.Type.Kind;
        _primaryKeys = () => informer.Cache.Snapshot().Select(item => item.Metadata.Key);
        return Watches(informer, change => predicate is null || predicate(change) ? [change.Key] : []);
    }

    /// <summary>Reconciles the owner when something that it controls changes.</summary>
    /// <param name="informer">The kind that is owned.</param>
    /// <param name="owner">The kind that owns.</param>
    /// <param name="predicate">Which changes matter; null for all.</param>
    public ControllerBuilder Owns<T>(Informer<T> informer, ResourceType owner, Func<CacheChange<T>, bool>? predicate = null)
        where T : class, IKubeObject
    {
        return Watches(informer, change => predicate is null || predicate(change) ? Owners(change, owner) : []);
    }

    /// <summary>Reconciles whatever a change of another kind concerns. The map sees the state before and after: both may concern somebody.</summary>
    public ControllerBuilder Watches<T>(Informer<T> informer, Func<CacheChange<T>, IEnumerable<ObjectKey>> map)
        where T : class, IKubeObject
    {
        _informers.Add(informer);
        _sources.Add(controller => informer.Cache.Subscribe(change =>
        {
            foreach (var key in map(change))
            {
                controller.Queue.Add(
                    key,
                    change.Initial ? WorkPriority.Background : WorkPriority.Live,
                    change.Initial ? "start" : Cause(informer.Type, change));
            }
        }));
        return this;
    }

    /// <summary>How many objects are reconciled at once. One object is never reconciled twice at once. Default 4.</summary>
    public ControllerBuilder WithWorkers(int workers)
    {
        _workers = workers;
        return this;
    }

    /// <summary>Longest time of one reconcile. Default 1 min.</summary>
    public ControllerBuilder WithTimeout(TimeSpan timeout)
    {
        _timeout = timeout;
        return this;
    }

    /// <summary>How often everything is looked at without any event. Default 1 h.</summary>
    public ControllerBuilder WithResync(TimeSpan period)
    {
        _resyncPeriod = period;
        return this;
    }

    /// <summary>Makes the controller. Keys are collected from now on; they are worked on once it runs.</summary>
    public Controller Build(
        IReconciler reconciler, RuntimeMetrics metrics, IEnumerable<IReconcileObserver> observers, TimeProvider time, ILogger<Controller> logger)
    {
        var settings = new ControllerSettings(name, _kind, _workers, _timeout, _resyncPeriod, _informers, _primaryKeys);
        var controller = new Controller(reconciler, settings, metrics, [.. observers], time, logger);
        _sources.ForEach(subscribe => subscribe(controller));
        return controller;
    }

    private static IEnumerable<ObjectKey> Owners<T>(CacheChange<T> change, ResourceType owner)
        where T : class, IKubeObject
    {
        var before = OwnerKey(change.Old, owner);
        var after = OwnerKey(change.New, owner);
        if (before is { } old)
        {
            yield return old;
        }

        if (after is { } now && now != before)
        {
            yield return now;
        }
    }

    private static ObjectKey? OwnerKey<T>(T? item, ResourceType owner)
        where T : class, IKubeObject =>
        item?.Metadata.ControllerOwner is { } reference && reference.Kind == owner.Kind && GroupOf(reference.ApiVersion) == owner.Group
            ? new ObjectKey(owner.Namespaced ? item.Metadata.Namespace : "", reference.Name)
            : null;

    private static string GroupOf(string apiVersion) => apiVersion.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash ? apiVersion[..slash] : "";

    private static string Cause<T>(ResourceType type, CacheChange<T> change)
        where T : class, IKubeObject
    {
        var what = change switch { { Old: null } => "created", { New: null } => "deleted", _ => "changed" };
        return $"{type.Kind} {change.Key} {what}";
    }
}
