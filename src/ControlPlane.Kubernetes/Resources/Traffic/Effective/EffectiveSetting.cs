using System.Text.Json.Nodes;

namespace ControlPlane.Kubernetes.Resources.Traffic.Effective;

/// <summary>A setting that holds for a service, where it comes from, and what lost against it.</summary>
/// <param name="Field">Path, such as <c>spec.timeouts.request</c> or <c>spec.limits[login]</c>.</param>
/// <param name="Value">What holds.</param>
/// <param name="From">The policy that says so.</param>
/// <param name="Lost">What policies of lower precedence say, the strongest first.</param>
public sealed record EffectiveSetting(string Field, JsonNode Value, AttachedPolicy From, IReadOnlyList<LostSetting> Lost);

/// <summary>A setting that does not hold, because another policy wins over it.</summary>
/// <param name="Value">What the policy says.</param>
/// <param name="From">The policy.</param>
public sealed record LostSetting(JsonNode Value, AttachedPolicy From);
