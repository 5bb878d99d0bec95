using System.Collections.Concurrent;
using System.Globalization;
using ControlPlane.Api.Access;
using ControlPlane.Api.Live;
using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Resources;
using Operators.Cluster;

namespace ControlPlane.Api.Fleet;

/// <summary>A page of services.</summary>
/// <param name="Items">The services.</param>
/// <param name="Total">How many match in all.</param>
/// <param name="State">How far the list can be trusted.</param>
public sealed record FleetPage(IReadOnlyList<ServiceSummary> Items, int Total, CacheState State);

/// <summary>How many services there are of each sort, for filters and headlines.</summary>
/// <param name="Total">All.</param>
/// <param name="ByHealth">By health.</param>
/// <param name="ByTier">By tier.</param>
/// <param name="ByTeam">By team.</param>
/// <param name="ByNamespace">By namespace.</param>
/// <param name="Drifted">Those with repaired drift.</param>
public sealed record FleetCounts(
    int Total,
    IReadOnlyDictionary<ServiceHealth, int> ByHealth,
    IReadOnlyDictionary<ServiceTier, int> ByTier,
    IReadOnlyDictionary<string, int> ByTeam,
    IReadOnlyDictionary<string, int> ByNamespace,
    int Drifted);

/// <summary>
/// Lists of services, from the caches: those that the caller may see. A summary is made once for each change, not for each reader.
/// </summary>
public sealed class FleetQuery
{
    /// <summary>Puts 1.9 before 1.10.</summary>
    private static readonly StringComparer ByNumber = StringComparer.Create(CultureInfo.InvariantCulture, CompareOptions.NumericOrdering);

    private readonly FleetCaches _caches;
    private readonly Authorizer _authorizer;
    private readonly ConcurrentDictionary<ObjectKey, ServiceSummary> _summaries = [];

    /// <summary>Follows the caches.</summary>
    public FleetQuery(FleetCaches caches, Authorizer authorizer)
    {
        ArgumentNullException.ThrowIfNull(caches);
        (_caches, _authorizer) = (caches, authorizer);
        caches.Services.Cache.Subscribe(change =>
        {
            var before = _summaries.GetValueOrDefault(change.Key);
            if (change.New is { } service)
            {
                _summaries[change.Key] = ServiceSummary.Of(service);
            }
            else
            {
                _summaries.TryRemove(change.Key, out _);
            }

            if (_summaries.GetValueOrDefault(change.Key) != before)
            {
                Changes.Publish(change.Key);
            }
        });
    }

    /// <summary>Which services look different in a list.</summary>
    public ChangeFeed<ObjectKey> Changes { get; } = new();

    /// <summary>How far lists can be trusted.</summary>
    public CacheState State => _caches.Services.State;

    /// <summary>One service; null when it is not declared, or not for the caller to see.</summary>
    /// <exception cref="AccessException">The caller may see no service at all.</exception>
    public ServiceSummary? Find(ObjectKey key) => Find(key, _authorizer.DemandSomewhere(Permissions.ReadServices));

    /// <summary>One service within a scope that was asked for before, as streams do for each batch.</summary>
    internal ServiceSummary? Find(ObjectKey key, AccessScope scope) =>
        _summaries.GetValueOrDefault(key) is { } service && scope.Includes(service.Namespace, service.Team) ? service : null;

    /// <summary>All services that match and that the caller may see, in order, as they are now.</summary>
    /// <exception cref="AccessException">The caller may see no service at all.</exception>
    public IReadOnlyList<ServiceSummary> List(FleetFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var matching = Visible().Where(filter.Matches).ToList();
        matching.Sort(Order(filter));
        return matching;
    }

    /// <summary>A page of the services that match, after one that was the last of the page before.</summary>
    /// <param name="filter">Which, and in which order.</param>
    /// <param name="after">The last one seen; null for the first page. It need not exist any more.</param>
    /// <param name="count">How many at most.</param>
    public FleetPage ListAfter(FleetFilter filter, ServiceSummary? after, int count)
    {
        var sorted = List(filter);
        var order = Order(filter);
        var rest = sorted.SkipWhile(service => after is not null && order.Compare(service, after) <= 0);
        return new([.. rest.Take(count)], sorted.Count, State);
    }

    /// <summary>Counts over the whole fleet, as far as the caller may see it.</summary>
    /// <exception cref="AccessException">The caller may see no service at all.</exception>
    public FleetCounts Count()
    {
        var all = Visible();
        return new(
            all.Count,
            all.CountBy(service => service.Health).ToDictionary(),
            all.CountBy(service => service.Tier).ToDictionary(),
            all.CountBy(service => service.Team).ToDictionary(),
            all.CountBy(service => service.Namespace).ToDictionary(),
            all.Count(service => service.Repairs > 0));
    }

    private ICollection<ServiceSummary> Visible()
    {
        var scope = _authorizer.DemandSomewhere(Permissions.ReadServices);
        return scope.IsEverywhere ? _summaries.Values : [.. _summaries.Values.Where(service => scope.Includes(service.Namespace, service.Team))];
    }

    /// <summary>A total order: equal ones are told apart by their key, so that pages never repeat or miss one.</summary>
    private static Comparer<ServiceSummary> Order(FleetFilter filter)
    {
        Comparison<ServiceSummary> by = filter.Sort switch
        {
            FleetSort.Name => static (a, b) => string.Compare(a.DisplayName, b.DisplayName, StringComparison.OrdinalIgnoreCase),
            FleetSort.Health => static (a, b) => a.Health.CompareTo(b.Health),
            FleetSort.Team => static (a, b) => string.CompareOrdinal(a.Team, b.Team),
            FleetSort.Tier => static (a, b) => a.Tier.CompareTo(b.Tier),
            FleetSort.Version => static (a, b) => ByNumber.Compare(a.Version, b.Version),
            FleetSort.Instances => static (a, b) => a.ReadyInstances.CompareTo(b.ReadyInstances),
            FleetSort.Repairs => static (a, b) => a.Repairs.CompareTo(b.Repairs),
            FleetSort.Created => static (a, b) => Nullable.Compare(a.Created, b.Created),
            _ => static (a, b) => ObjectKey.ListOrder.Compare(a.Key, b.Key),
        };
        var sign = filter.Descending ? -1 : 1;
        return Comparer<ServiceSummary>.Create((a, b) => sign * by(a, b) is var order && order != 0 ? order : ObjectKey.ListOrder.Compare(a.Key, b.Key));
    }
}
