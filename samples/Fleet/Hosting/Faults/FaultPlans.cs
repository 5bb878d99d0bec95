using System.Collections.Concurrent;

namespace Fleet.Hosting.Faults;

/// <summary>The faults of a service by version, whichever instances of it run or will run.</summary>
internal sealed class FaultPlans
{
    /// <summary>More versions than this are refused.</summary>
    public const int MostVersions = 100;

    private readonly ConcurrentDictionary<string, FaultPlan> _byVersion = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, FaultPlan> All => _byVersion.OrderBy(e => e.Key, StringComparer.Ordinal).ToDictionary(e => e.Key, e => e.Value);

    public FaultPlan Of(string version) => _byVersion.GetValueOrDefault(version, FaultPlan.None);

    /// <summary>Sets the plan of a version; false when there are too many.</summary>
    public bool TrySet(string version, FaultPlan plan)
    {
        if (_byVersion.Count >= MostVersions && !_byVersion.ContainsKey(version))
        {
            return false;
        }

        _byVersion[version] = plan;
        return true;
    }

    /// <summary>Sets the plan of a version that has none yet.</summary>
    public void Begin(string version, FaultPlan plan) => _byVersion.TryAdd(version, plan);

    public void Remove(string version) => _byVersion.TryRemove(version, out _);
}
