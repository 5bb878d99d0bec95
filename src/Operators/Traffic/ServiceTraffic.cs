using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Traffic;
using ControlPlane.Kubernetes.Resources.Traffic.Effective;

namespace Operators.Traffic;

/// <summary>What became of the policies that reach a service.</summary>
/// <param name="Provider">The provider that renders them; null when there is none.</param>
/// <param name="Policies">Each policy that says anything of the service.</param>
/// <param name="Failure">What the API server said when an object could not be written; null when all are.</param>
public sealed record ServiceTraffic(string? Provider, IReadOnlyDictionary<PolicyIdentity, PolicyOutcome> Policies, string? Failure)
{
    /// <summary>Why there is no provider; null when there is one.</summary>
    public string? Lack { get; init; }

    /// <summary>Tells it from what the policies come to.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="failure">Why not all of it was written; null when it was.</param>
    public static ServiceTraffic Of(TrafficPlan plan, string? failure)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var said = plan.Effective.Settings.SelectMany(static setting => (IEnumerable<(AttachedPolicy By, EffectiveSetting Setting)>)
            [(setting.From, setting), .. setting.Lost.Select(lost => (lost.From, setting))]);
        return new(
            plan.Provider,
            said.GroupBy(static part => new PolicyIdentity(part.By.Kind, part.By.Key)).ToDictionary(static group => group.Key, group => new PolicyOutcome(
                [.. group.Where(static part => part.By == part.Setting.From).SelectMany(part => plan.Rendered.Unsupported.Where(gap => gap.Concerns(part.Setting))).Distinct()],
                [.. group.Where(static part => part.By != part.Setting.From).Select(static part => new LostTo(part.Setting.Field, part.Setting.From.Key.Name))],
                Holds: group.Any(static part => part.By == part.Setting.From))),
            failure)
        {
            Lack = plan.Lack,
        };
    }
}

/// <summary>A policy, by kind and name.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Key">Its namespace and name.</param>
public readonly record struct PolicyIdentity(string Kind, ObjectKey Key);

/// <summary>What became of one policy at one service.</summary>
/// <param name="Unsupported">Settings of it that hold and that the provider can't express.</param>
/// <param name="Overridden">Settings of it that another policy wins over.</param>
/// <param name="Holds">True when any setting of it holds.</param>
public sealed record PolicyOutcome(IReadOnlyList<UnsupportedSetting> Unsupported, IReadOnlyList<LostTo> Overridden, bool Holds);

/// <summary>A setting that another policy wins over.</summary>
/// <param name="Field">The setting.</param>
/// <param name="By">Name of the policy that won.</param>
public readonly record struct LostTo(string Field, string By);
