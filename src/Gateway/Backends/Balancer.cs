using Gateway.Policies;

namespace Gateway.Backends;

/// <summary>Chooses the instance that takes a request.</summary>
internal sealed class Balancer
{
    private uint _turn = (uint)Random.Shared.Next();

    /// <summary>Chooses one that is not left out and was not tried; if there is none, one that is at least not left out, then any; null when there are none at all.</summary>
    /// <param name="set">The instances.</param>
    /// <param name="algorithm">How.</param>
    /// <param name="hash">Hash of what equal requests have in common.</param>
    /// <param name="tried">Instances that this request was sent to before.</param>
    /// <param name="now">The time.</param>
    public BackendEndpoint? Choose(EndpointSet set, BalancingAlgorithm algorithm, ulong hash, IReadOnlyList<BackendEndpoint> tried, TimeSpan now)
    {
        if (set.Endpoints.Count == 0)
        {
            return null;
        }

        return ChooseAmong(set, algorithm, hash, new Usable(set, tried, MayBeTried: false, MayBeEjected: false, now))
            ?? ChooseAmong(set, algorithm, hash, new Usable(set, tried, MayBeTried: true, MayBeEjected: false, now))
            ?? ChooseAmong(set, algorithm, hash, new Usable(set, tried, MayBeTried: true, MayBeEjected: true, now));
    }

    private BackendEndpoint? ChooseAmong(EndpointSet set, BalancingAlgorithm algorithm, ulong hash, in Usable usable)
    {
        var index = algorithm switch
        {
            BalancingAlgorithm.ConsistentHash => Hashed(set, hash, usable),
            BalancingAlgorithm.LeastRequest => LessBusy(set, usable),
            BalancingAlgorithm.Random => From(Random.Shared.Next(set.Endpoints.Count), set, usable),
            _ => From((int)(Interlocked.Increment(ref _turn) % (uint)set.Endpoints.Count), set, usable),
        };
        return index < 0 ? null : set.Endpoints[index];
    }

    private static int Hashed(EndpointSet set, ulong hash, Usable usable) => set.Maglev.Find(hash, usable.Is);

    /// <summary>The less busy of two that are drawn: nearly as good as the least busy of all, without all running to the same one (M. Mitzenmacher, 2001).</summary>
    private static int LessBusy(EndpointSet set, in Usable usable)
    {
        var a = From(Random.Shared.Next(set.Endpoints.Count), set, usable);
        if (a < 0)
        {
            return -1;
        }

        var b = From((a + 1 + Random.Shared.Next(set.Endpoints.Count)) % set.Endpoints.Count, set, usable);
        return set.Endpoints[b].Active < set.Endpoints[a].Active ? b : a;
    }

    /// <summary>The first that may be chosen, from a place on.</summary>
    private static int From(int start, EndpointSet set, in Usable usable)
    {
        for (var step = 0; step < set.Endpoints.Count; step++)
        {
            var index = (start + step) % set.Endpoints.Count;
            if (usable.Is(index))
            {
                return index;
            }
        }

        return -1;
    }

    /// <summary>Which instances may be chosen.</summary>
    private readonly record struct Usable(EndpointSet Set, IReadOnlyList<BackendEndpoint> Tried, bool MayBeTried, bool MayBeEjected, TimeSpan Now)
    {
        public bool Is(int index)
        {
            var endpoint = Set.Endpoints[index];
            return (MayBeTried || Tried.Count == 0 || !Tried.Contains(endpoint)) && (MayBeEjected || !endpoint.Health.IsEjected(Now));
        }
    }
}
