using System.Text.Json.Nodes;

namespace Operators.Tests.Traffic.Testing;

/// <summary>Makes values that a schema of a policy takes, and whole specs of them.</summary>
/// <param name="random">Where choices come from: the same seed makes the same spec.</param>
internal sealed class PolicyValues(Random random)
{
    private const string DurationPattern = "^([0-9]{1,5}(h|m|s|ms)){1,4}$";

    private static readonly string[] Durations = ["0s", "1s", "2s", "5s", "30s", "1m", "250ms"];

    /// <summary>Values of fields whose schema does not say what makes sense in them, by the end of their paths.</summary>
    private static readonly (string End, string[] Values)[] Texts =
    [
        (".path.value", ["/a", "/b/c", "/d"]),
        (".jwksUri", ["https://id.example/a", "https://id.example/b"]),
        (".issuer", ["https://a.example", "https://b.example"]),
        (".hostnames", ["a.example", "*.b.example", "c.example"]),
        (".allowOrigins", ["https://a.example", "https://*.b.example"]),
        (".paths", ["/p", "/q/*", "/r"]),
        (".namespace", ["", "edge"]),
        (".gatewayRefs.name", ["public", "partners"]),
        (".backendRefs.name", ["order", "order-canary"]),
        (".until", ["2026-11-27T18:00:00Z", "2026-11-28T18:00:00Z"]),
        (".reason", ["maintenance", "drill"]),
        (".header", ["x-one", "x-two"]),
    ];

    /// <summary>A spec in which any fields may be set; no two named things have one name, and what belongs together comes together.</summary>
    public PolicySet Specs() => Sound(new PolicySet(Spec(0), Spec(1), Spec(2)) { IsAdopted = random.Next(10) == 0, Port = random.Next(20) == 0 ? null : 8080 });

    /// <summary>A value that a schema takes.</summary>
    public JsonNode Value(string path, JsonObject schema)
    {
        if (schema["enum"] is JsonArray names)
        {
            return names[random.Next(names.Count)]!.DeepClone();
        }

        return (string?)schema["type"] switch
        {
            "boolean" => random.Next(2) == 0,
            "integer" => Number(schema),
            "array" => List(path, schema),
            "object" when schema["properties"] is JsonObject => Object(path, schema),
            "object" => new JsonObject { ["type"] = "object", ["minProperties"] = random.Next(5) },
            _ => Text(path, schema),
        };
    }

    /// <summary>Puts right what the schema says in rules across fields.</summary>
    public static PolicySet Sound(PolicySet specs)
    {
        if (specs.Traffic["loadBalancing"] is JsonObject balancing)
        {
            Pair(balancing, (string?)balancing["algorithm"] == "ConsistentHash", "hashOn", () => new JsonObject { ["type"] = "Header" });
            if (balancing["hashOn"] is JsonObject source)
            {
                Pair(source, (string?)source["type"] != "Address", "name", () => "user-id");
            }
        }

        foreach (var limit in Items(specs.RateLimit, "limits"))
        {
            if (limit["by"] is JsonObject by)
            {
                if (by["name"] is not null)
                {
                    by["type"] ??= "Header";
                }

                Pair(by, (string?)by["type"] is "Header" or "Claim", "name", () => "sub");
            }

            if ((long?)limit["burst"] < (long?)limit["requests"])
            {
                limit["burst"] = (long)limit["requests"]! + (long)limit["burst"]!;
            }
        }

        if (specs.Circuit["fallback"] is JsonObject fallback)
        {
            Pair(fallback, (string?)fallback["type"] == "Static", "response", () => new JsonObject());
        }

        foreach (var holder in Items(specs.Traffic, "routes").Append(specs.Traffic))
        {
            if (holder["timeouts"] is JsonObject timeouts && timeouts["request"] is not null && timeouts["backendRequest"] is not null)
            {
                timeouts["request"] = "10m"; // a try is no longer than the whole
            }

            if (holder["backendRefs"] is JsonArray { Count: > 0 } backends && backends.All(backend => (long?)backend!["weight"] == 0))
            {
                backends[0]!["weight"] = 1L;
            }
        }

        return DistinctCallers(specs);
    }

    /// <summary>A caller that two rules let in would be seen in one of them only.</summary>
    private static PolicySet DistinctCallers(PolicySet specs)
    {
        var number = 0;
        foreach (var caller in specs.Traffic["access"] is JsonObject access ? Items(access, "allow").SelectMany(rule => Items(rule, "from")) : [])
        {
            caller["service"] = $"{((string)caller["service"]!).Split('-')[0]}-{number++}";
        }

        return specs;
    }

    private static IEnumerable<JsonObject> Items(JsonObject holder, string name) => holder[name] is JsonArray items ? items.Select(item => item!.AsObject()) : [];

    private static void Pair(JsonObject holder, bool wanted, string name, Func<JsonNode> make)
    {
        if (!wanted)
        {
            holder.Remove(name);
        }
        else if (holder[name] is null)
        {
            holder[name] = make();
        }
    }

    private JsonObject Spec(int kind) => random.Next(8) == 0 ? [] : Object("spec", PolicyField.SpecSchema(PolicySet.Kinds[kind]));

    private JsonObject Object(string path, JsonObject schema)
    {
        var required = schema["required"]?.AsArray().Select(name => (string)name!).ToHashSet() ?? [];
        var json = new JsonObject();
        foreach (var (name, property) in schema["properties"]!.AsObject())
        {
            if (required.Contains(name) || random.Next(2) == 0)
            {
                json[name] = Value($"{path}.{name}", property!.AsObject());
            }
        }

        return json;
    }

    private JsonArray List(string path, JsonObject schema)
    {
        var least = Math.Max((int)((long?)schema["minItems"] ?? 0), 1);
        var items = Enumerable.Range(0, random.Next(least, 4)).Select(_ => Value(path, schema["items"]!.AsObject())).ToList();
        var distinct = (string?)schema["x-kubernetes-list-type"] switch
        {
            "map" => items.DistinctBy(item => KeyOf(item, schema)),
            "set" => InOrder(schema, items.DistinctBy(item => item.ToJsonString())),
            _ => items,
        };
        return path.EndsWith("countAsError", StringComparison.Ordinal) ? WithoutPart([.. distinct]) : [.. distinct];
    }

    /// <summary>False when a list has two items of one key.</summary>
    public static bool HasUniqueKeys(JsonNode value, JsonObject schema) => value switch
    {
        JsonArray items => ((string?)schema["x-kubernetes-list-type"] != "map" || items.Select(item => KeyOf(item!, schema)).Distinct().Count() == items.Count)
            && items.All(item => HasUniqueKeys(item!, schema["items"]!.AsObject())),
        JsonObject fields when schema["properties"] is JsonObject properties => fields.All(field => HasUniqueKeys(field.Value!, properties[field.Key]!.AsObject())),
        _ => true,
    };

    private static string KeyOf(JsonNode item, JsonObject list) => string.Join(
        '/', list["x-kubernetes-list-map-keys"]!.AsArray().Select(key => (item[(string)key!] ?? list["items"]!["properties"]![(string)key!]!["default"])?.ToJsonString()));

    /// <summary>A set has no order, so there is one order for it.</summary>
    private static IEnumerable<JsonNode> InOrder(JsonObject schema, IEnumerable<JsonNode> items) => schema["items"]!["enum"] is JsonArray names
        ? items.OrderBy(item => names.Select(name => (string)name!).ToList().IndexOf((string)item!))
        : items.OrderBy(item => (string)item!, StringComparer.Ordinal);

    /// <summary>GatewayError beside ServerError says nothing more.</summary>
    private static JsonArray WithoutPart(List<JsonNode> kinds) =>
        [.. kinds.Where(kind => (string)kind! != "GatewayError" || kinds.TrueForAll(other => (string)other! != "ServerError"))];

    private JsonNode Number(JsonObject schema)
    {
        var least = (long?)schema["minimum"] ?? 0;
        var most = Math.Min((long?)schema["maximum"] ?? long.MaxValue, least + 40);
        return random.NextInt64(least, most + 1);
    }

    private JsonNode Text(string path, JsonObject schema)
    {
        var values = Texts.FirstOrDefault(text => path.EndsWith(text.End, StringComparison.Ordinal)).Values
            ?? ((string?)schema["pattern"] == DurationPattern ? Durations : ["one", "two", "three"]);
        return values[random.Next(values.Length)];
    }
}
