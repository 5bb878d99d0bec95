using System.Text.Json;
using System.Text.Json.Nodes;

namespace ControlPlane.Kubernetes.Resources.Traffic.Effective;

/// <summary>
/// Merges the policies of one kind that reach a service, setting by setting: who comes first in <see cref="AttachedPolicy.Precedence"/> wins. A
/// setting is a field of the spec; but timeouts and pools are merged field by field, and lists of named things (routes, limits, request schemas)
/// by name, so that a service can add a limit of its own to those of its namespace.
/// </summary>
public static class PolicyMerge
{
    private static readonly string[] Attachment = ["targetRefs", "targetSelectors"];
    private static readonly string[] ByField = ["timeouts", "pool"];
    private static readonly string[] ByName = ["routes", "limits", "requestSchemas"];

    /// <summary>The settings that hold, in the order of precedence of the policies that say them, and therein as they are written.</summary>
    /// <param name="policies">Policies of one kind, in any order.</param>
    public static IReadOnlyList<EffectiveSetting> Settings(IEnumerable<AttachedPolicy> policies) =>
    [
        .. policies.Order(AttachedPolicy.Precedence)
            .SelectMany(static policy => Split(policy.Spec).Select(part => (part.Field, part.Value, From: policy)))
            .GroupBy(static part => part.Field)
            .Select(static group => new EffectiveSetting(
                group.Key, group.First().Value, group.First().From, [.. group.Skip(1).Select(static part => new LostSetting(part.Value, part.From))])),
    ];

    /// <summary>The spec that the settings make together: what a single policy would have to say.</summary>
    /// <typeparam name="TSpec">Spec of the kind.</typeparam>
    public static TSpec Spec<TSpec>(IEnumerable<EffectiveSetting> settings)
        where TSpec : class, IPolicySpec
    {
        ArgumentNullException.ThrowIfNull(settings);
        var spec = new JsonObject();
        foreach (var setting in settings)
        {
            Join(spec, setting);
        }

        return spec.Deserialize<TSpec>(KubeJson.Options)!;
    }

    private static IEnumerable<(string Field, JsonNode Value)> Split(JsonObject spec)
    {
        foreach (var (name, value) in spec.Where(static field => field.Value is not null && !Attachment.Contains(field.Key)))
        {
            switch (value)
            {
                case JsonObject fields when ByField.Contains(name):
                    foreach (var (inner, innerValue) in fields)
                    {
                        yield return ($"spec.{name}.{inner}", innerValue!);
                    }

                    break;
                case JsonArray items when ByName.Contains(name):
                    foreach (var item in items)
                    {
                        yield return ($"spec.{name}[{(string)item!["name"]!}]", item);
                    }

                    break;
                default:
                    yield return ($"spec.{name}", value!);
                    break;
            }
        }
    }

    private static void Join(JsonObject spec, EffectiveSetting setting)
    {
        var value = setting.Value.DeepClone();
        var path = setting.Field["spec.".Length..];
        if (path.Split('[')[0] is var list && ByName.Contains(list))
        {
            At(spec, list, static () => new JsonArray()).AsArray().Add(value);
        }
        else if (path.Split('.') is [var holder, var field])
        {
            At(spec, holder, static () => new JsonObject())[field] = value;
        }
        else
        {
            spec[path] = value;
        }
    }

    private static JsonNode At(JsonObject spec, string name, Func<JsonNode> make) => spec[name] ??= make();
}
