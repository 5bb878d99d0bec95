using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Resources.Traffic;
using Operators.Traffic.Providers;

namespace Operators.Tests.Traffic.Testing;

/// <summary>How far a data plane honours a field.</summary>
internal enum Support
{
    /// <summary>No value of it.</summary>
    No,

    /// <summary>Some values of it.</summary>
    Partly,

    /// <summary>Every value that was tried.</summary>
    Yes,
}

/// <summary>
/// Finds out how far providers honour a field, by asking them: a value counts as honoured when, in some surroundings, it is not reported and makes
/// other objects than another value does.
/// </summary>
internal static class FieldSupport
{
    private const string Gateways = """{"gatewayRefs":[{"name":"public"}]}""";
    private const string Tokens = """{"gatewayRefs":[{"name":"public"}],"authentication":{"jwt":[{"issuer":"https://id.example","jwksUri":"https://id.example/keys"}]}}""";
    private const string Repeating = """{"gatewayRefs":[{"name":"public"}],"retries":{"attempts":1,"methods":["GET","HEAD","POST","PUT","DELETE","OPTIONS","PATCH"]}}""";
    private const string Limit = """{"limits":[{"name":"a","requests":1,"per":"Minute"}]}""";
    private const string SharedLimit = """{"counter":"Shared","limits":[{"name":"a","requests":1,"per":"Minute"}]}""";

    /// <summary>Surroundings, of which each field finds one that suits it: between services, at the edge, and with what some fields need beside them.</summary>
    private static readonly IReadOnlyList<PolicySet> Surroundings =
        [From("{}", "{}"), From(Gateways, "{}"), From("{}", Limit), From(Gateways, Limit), From(Gateways, SharedLimit), From(Tokens, Limit), From(Repeating, "{}")];

    public static Support Of(PolicyField field, ITrafficProvider provider)
    {
        var values = ValuesOf(field);
        var (reported, seen, honoured) = (new int[values.Count], new bool[values.Count], new bool[values.Count]);
        foreach (var surroundings in Surroundings)
        {
            var without = OutcomeOf(surroundings, provider).Text;
            var trials = values.Select(value => Try(field, surroundings, value, provider)).ToList();
            for (var i = 0; i < trials.Count; i++)
            {
                var (isReported, text) = trials[i];
                reported[i] += isReported ? 1 : 0;
                seen[i] |= !isReported && (text != without || Reads(provider));
                honoured[i] |= !isReported && (Reads(provider) || trials.Exists(other => other.Text != text));
            }
        }

        // A value that says what holds anyway is none that a provider could fail to honour.
        var telling = honoured.Where((_, i) => seen[i] || reported[i] == Surroundings.Count).ToList();
        return !telling.Contains(true) ? Support.No : telling.Contains(false) ? Support.Partly : Support.Yes;
    }

    /// <summary>What a provider says while the field is tried at the edge.</summary>
    public static IEnumerable<UnsupportedSetting> Reports(PolicyField field, ITrafficProvider provider) =>
        from surroundings in Surroundings
        where surroundings.Traffic["gatewayRefs"] is not null
        from value in ValuesOf(field)
        from report in provider.Plan(Placed(field, surroundings, value).Specs.Snapshot()).Unsupported
        select report;

    private static PolicySet From(string traffic, string limits) => new(JsonNode.Parse(traffic)!.AsObject(), JsonNode.Parse(limits)!.AsObject(), []);

    /// <summary>The embedded gateway reads policies itself, so that all it does not report is honoured.</summary>
    private static bool Reads(ITrafficProvider provider) => provider.Name == "dabbawala";

    private static (bool IsReported, string Text) Try(PolicyField field, PolicySet surroundings, JsonNode value, ITrafficProvider provider)
    {
        var (setting, specs) = Placed(field, surroundings, value);
        var (plan, text) = OutcomeOf(specs, provider);
        return (setting.IsReported(plan, specs), text);
    }

    private static (ProviderPlan Plan, string Text) OutcomeOf(PolicySet specs, ITrafficProvider provider)
    {
        var snapshot = specs.Snapshot();
        var plan = provider.Plan(snapshot);
        return (plan, PolicySet.Outcome(plan, snapshot));
    }

    private static List<JsonNode> ValuesOf(PolicyField field)
    {
        List<JsonNode> values = [.. Enumerable.Range(0, 16).Select(seed => new PolicyValues(new Random(seed)).Value(field.Path, field.Schema))];
        if (field.Schema["items"]?["enum"] is JsonArray names)
        {
            values.Add(names.DeepClone());
        }

        return [.. values.DistinctBy(value => value.ToJsonString()).OrderBy(value => value.ToJsonString(), StringComparer.Ordinal)];
    }

    /// <summary>The surroundings with a value at the field; of lists the first item has it, and what is required beside it is there.</summary>
    private static (PolicySetting Setting, PolicySet Specs) Placed(PolicyField field, PolicySet surroundings, JsonNode value)
    {
        var values = new PolicyValues(new Random(1));
        var specs = surroundings.Copied();
        List<object> steps = [];
        JsonObject at = specs.SpecOf(field.Kind);
        var schema = PolicyField.SpecSchema(field.Kind);
        var names = field.Path.Split('.')[1..];
        foreach (var name in names[..^1])
        {
            schema = schema["properties"]![name]!.AsObject();
            steps.Add(name);
            if ((string?)schema["type"] == "array")
            {
                schema = schema["items"]!.AsObject();
                at = (at[name] ??= new JsonArray(new JsonObject())).AsArray()[0]!.AsObject();
                steps.Add(0);
            }
            else
            {
                at = (at[name] ??= new JsonObject()).AsObject();
            }

            foreach (var required in schema["required"]?.AsArray() ?? [])
            {
                at[(string)required!] ??= values.Value($"spec.{string.Join('.', steps.OfType<string>())}.{required}", schema["properties"]![(string)required!]!.AsObject());
            }
        }

        Accompany(field.Path, specs);
        at[names[^1]] = value.DeepClone();
        steps.Add(names[^1]);
        return (new PolicySetting(field.Kind, steps, field.Schema), PolicyValues.Sound(specs));
    }

    /// <summary>What a field needs that is not required of every object that it is in.</summary>
    private static void Accompany(string path, PolicySet specs)
    {
        if (path.StartsWith("spec.loadBalancing.hashOn", StringComparison.Ordinal))
        {
            specs.Traffic["loadBalancing"]!["algorithm"] = "ConsistentHash";
            specs.Traffic["loadBalancing"]!["hashOn"]!["type"] = "Header";
        }
        else if (path.StartsWith("spec.fallback.response", StringComparison.Ordinal))
        {
            specs.Circuit["fallback"]!["type"] = "Static";
        }
    }
}
