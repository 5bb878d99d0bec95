using System.Text.Json.Nodes;
using Operators.Traffic;

namespace ControlPlane.Api.Traffic;

/// <summary>What all the policies that reach a service say together.</summary>
/// <param name="Namespace">Namespace of the service.</param>
/// <param name="Service">Its name.</param>
/// <param name="Provider">The traffic provider that renders it; null when the cluster serves no data plane that is known here.</param>
/// <param name="Settings">Every setting that holds, by kind of policy and precedence.</param>
public sealed record EffectivePolicyView(string Namespace, string Service, string? Provider, IReadOnlyList<SettingView> Settings)
{
    /// <summary>Why there is no provider; null when there is one.</summary>
    public string? Lack { get; init; }

    internal static EffectivePolicyView Of(TrafficPlan plan) => new(
        plan.Effective.Service.Namespace,
        plan.Effective.Service.Name,
        plan.Provider,
        [
            .. plan.Effective.Settings.Select(setting => new SettingView(
                setting.Field,
                setting.Value,
                PolicySource.Of(setting.From),
                [.. setting.Lost.Select(static lost => new LostView(lost.Value, PolicySource.Of(lost.From)))],
                [.. plan.Rendered.Unsupported.Where(gap => gap.Concerns(setting)).Select(static gap => $"{gap.Field}: {gap.Message}")])),
        ])
    {
        Lack = plan.Lack,
    };
}

/// <summary>A setting that holds for a service.</summary>
/// <param name="Field">Path in the policy, such as <c>spec.limits[login]</c>.</param>
/// <param name="Value">What holds.</param>
/// <param name="From">The policy that says so.</param>
/// <param name="Lost">What other policies say, the strongest first.</param>
/// <param name="Unsupported">What of it the provider can't express; empty when it has all of it.</param>
public sealed record SettingView(string Field, JsonNode Value, PolicySource From, IReadOnlyList<LostView> Lost, IReadOnlyList<string> Unsupported);

/// <summary>A setting that another policy wins over.</summary>
/// <param name="Value">What the policy says.</param>
/// <param name="From">The policy.</param>
public sealed record LostView(JsonNode Value, PolicySource From);

/// <summary>A policy, as the source of a setting.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Name">Its name, in the namespace of the service.</param>
/// <param name="Scope">How it reaches the service: <c>Service</c>, <c>Group</c> or <c>Namespace</c>.</param>
public sealed record PolicySource(string Kind, string Name, string Scope)
{
    internal static PolicySource Of(ControlPlane.Kubernetes.Resources.Traffic.Effective.AttachedPolicy policy) => new(policy.Kind, policy.Key.Name, policy.Scope.ToString());
}
