using System.Text.Json.Nodes;

namespace Fleet.Tests.Testing;

/// <summary>A sound registration of a customer, and ones that differ from it.</summary>
internal static class Registration
{
    public const string Mobile = "9876543210";
    public const string Email = "devika.pai@example.com";
    public const string Line = "14 Turner Road";

    private const string Sound = $$"""
        {
          "name": "Devika Pai",
          "mobile": "+91 {{Mobile}}",
          "email": "{{Email}}",
          "address": {
            "line": "{{Line}}", "city": "Mumbai", "pinCode": "400050",
            "location": { "latitude": 19.0596, "longitude": 72.8295 }
          }
        }
        """;

    /// <summary>The sound one with some fields replaced; objects are merged.</summary>
    public static string With(string change = "{}")
    {
        var registration = JsonNode.Parse(Sound)!.AsObject();
        Merge(registration, JsonNode.Parse(change)!.AsObject());
        return registration.ToJsonString();
    }

    private static void Merge(JsonObject target, JsonObject change)
    {
        foreach (var (name, value) in change)
        {
            if (value is JsonObject inner && target[name] is JsonObject outer)
            {
                Merge(outer, inner);
            }
            else
            {
                target[name] = value?.DeepClone();
            }
        }
    }
}
