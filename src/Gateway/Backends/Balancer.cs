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
        var all = set.Endpoints;
        return ChooseAmong(set, algorithm, hash, index => !tried.Contains(all[index]) && !all[index].Health.IsEjected(now))
            ?? ChooseAmong(set, algorithm, hash, index => !all[index].Health.IsEjected(now))
            ?? ChooseAmong(set, algorithm, hash, static _ => true);
    }

    private BackendEndpoint? ChooseAmong(EndpointSet set, BalancingAlgorithm algorithm, ulong hash, Func<int, bool> isUsable)
    {
        var index = set.Endpoints.Count == 0 ? -1 : algorithm switch
        {
            BalancingAlgorithm.ConsistentHash => set.Maglev.Find(hash, isUsable),
            BalancingAlgorithm.LeastRequest => LessBusy(set, isUsable),
            BalancingAlgorithm.Random => From(Random.Shared.Next(set.Endpoints.Count), set, isUsable),
            _ => From((int)(Interlocked.Increment(ref _turn) % (uint)set.Endpoints.Count), set, isUsable),
        };
        return index < 0 ? null : set.Endpoints[index];
    }

    /// <summary>The less busy of two that are drawn: nearly as good as the least busy of all, without all running to the same one (M. Mitzenmacher, 2001).</summary>
    private static int LessBusy(EndpointSet set, Func<int, bool> isUsable)
    {
        var a = From(Random.Shared.Next(set.Endpoints.Count), set, isUsable);
        if (a < 0)
        {
            return -1;
        }

        var b = From((a + 1 + Random.Shared.Next(set.Endpoints.Count)) % set.Endpoints.Count, set, isUsable);
        return set.Endpoints[b].Active < set.Endpoints[a].Active ? b : a;
    }

    /// <summary>The first that may be chosen, from a place on.</summary>
    private static int From(int start, EndpointSet set, Func<int, bool> isUsable)
    {
        for (var step = 0; step < set.Endpoints.Count; step++)
        {
            var index = (start + step) % set.Endpoints.Count;
            if (isUsable(index))
            {
                return index;
            }
        }

        return -1;
    }
}
