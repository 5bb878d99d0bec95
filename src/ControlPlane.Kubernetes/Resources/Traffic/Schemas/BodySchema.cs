using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ControlPlane.Kubernetes.Resources.Traffic.Schemas;

/// <summary>Where a body does not meet its schema.</summary>
/// <param name="Pointer">The place at fault (RFC 6901); empty for the whole body.</param>
/// <param name="Message">What is wrong there. Never a value of the body.</param>
public sealed record SchemaViolation(string Pointer, string Message);

/// <summary>
/// A JSON Schema (2020-12) for request bodies: the keywords that <see cref="BodySchemaReader"/> takes, whose cost follows the length of the body and
/// nothing that its sender could choose. Immutable.
/// </summary>
public sealed record BodySchema
{
    internal IReadOnlyList<string> Types { get; init; } = [];

    internal IReadOnlyList<JsonElement> Allowed { get; init; } = [];

    internal IReadOnlyList<string> Required { get; init; } = [];

    internal IReadOnlyDictionary<string, BodySchema> Properties { get; init; } = new Dictionary<string, BodySchema>();

    /// <summary>For properties that are not named; null for any.</summary>
    internal BodySchema? OtherProperties { get; init; }

    internal BodySchema? Items { get; init; }

    internal Regex? Pattern { get; init; }

    internal decimal? Minimum { get; init; }

    internal decimal? Maximum { get; init; }

    internal decimal? ExclusiveMinimum { get; init; }

    internal decimal? ExclusiveMaximum { get; init; }

    internal decimal? MultipleOf { get; init; }

    internal (int? Least, int? Most) Length { get; init; }

    internal (int? Least, int? Most) ItemCount { get; init; }

    internal (int? Least, int? Most) PropertyCount { get; init; }

    /// <summary>Nothing meets it: what <c>false</c> says.</summary>
    internal bool IsNothing { get; init; }

    /// <summary>The first place where a body does not meet the schema; null when it does.</summary>
    public SchemaViolation? Check(JsonElement body) => Check(body, "");

    private SchemaViolation? Check(JsonElement value, string at) =>
        IsNothing ? new(at, "must not be there")
        : Types.Count > 0 && !Types.Any(type => Is(value, type)) ? new(at, $"must be {string.Join(" or ", Types)}")
        : Allowed.Count > 0 && !Allowed.Any(allowed => JsonElement.DeepEquals(allowed, value)) ? new(at, "is none of the values that it may be")
        : value.ValueKind switch
        {
            JsonValueKind.Object => CheckObject(value, at),
            JsonValueKind.Array => CheckArray(value, at),
            JsonValueKind.String => CheckText(value.GetString()!, at),
            JsonValueKind.Number => CheckNumber(value, at),
            _ => null,
        };

    private SchemaViolation? CheckObject(JsonElement value, string at)
    {
        var count = 0;
        foreach (var property in value.EnumerateObject())
        {
            count++;
            if ((Properties.GetValueOrDefault(property.Name) ?? OtherProperties)?.Check(property.Value, $"{at}/{Escape(property.Name)}") is { } violation)
            {
                return violation;
            }
        }

        return Required.FirstOrDefault(name => !value.TryGetProperty(name, out _)) is { } missing ? new($"{at}/{Escape(missing)}", "is missing") : Within(PropertyCount, count, at, "properties");
    }

    private SchemaViolation? CheckArray(JsonElement value, string at)
    {
        if (Within(ItemCount, value.GetArrayLength(), at, "items") is { } size)
        {
            return size;
        }

        var index = 0;
        foreach (var item in Items is null ? default : value.EnumerateArray())
        {
            if (Items!.Check(item, string.Create(CultureInfo.InvariantCulture, $"{at}/{index++}")) is { } violation)
            {
                return violation;
            }
        }

        return null;
    }

    private SchemaViolation? CheckText(string text, string at) =>
        Within(Length, Length == default ? 0 : text.EnumerateRunes().Count(), at, "characters")
        ?? (Pattern?.IsMatch(text) == false ? new(at, "does not match its pattern") : null);

    private SchemaViolation? CheckNumber(JsonElement value, string at)
    {
        if (!value.TryGetDecimal(out var number))
        {
            return HasBounds ? new(at, "is too large a number to be checked") : null;
        }

        return number < Minimum ? Bound("at least", Minimum)
            : number > Maximum ? Bound("at most", Maximum)
            : number <= ExclusiveMinimum ? Bound("more than", ExclusiveMinimum)
            : number >= ExclusiveMaximum ? Bound("less than", ExclusiveMaximum)
            : MultipleOf is { } step && number % step != 0 ? Bound("a multiple of", step)
            : null;

        SchemaViolation Bound(string words, decimal? bound) => new(at, string.Create(CultureInfo.InvariantCulture, $"must be {words} {bound}"));
    }

    private bool HasBounds => (Minimum ?? Maximum ?? ExclusiveMinimum ?? ExclusiveMaximum ?? MultipleOf) is not null;

    private static SchemaViolation? Within((int? Least, int? Most) bounds, int count, string at, string what) =>
        count < bounds.Least ? new(at, string.Create(CultureInfo.InvariantCulture, $"must have at least {bounds.Least} {what}"))
        : count > bounds.Most ? new(at, string.Create(CultureInfo.InvariantCulture, $"must have at most {bounds.Most} {what}"))
        : null;

    private static bool Is(JsonElement value, string type) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "null" => value.ValueKind == JsonValueKind.Null,
        "number" => value.ValueKind == JsonValueKind.Number,
        _ => value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number) && number == decimal.Truncate(number), // integer: 1.0 is one
    };

    private static string Escape(string name) => new StringBuilder(name).Replace("~", "~0").Replace("/", "~1").ToString();
}
