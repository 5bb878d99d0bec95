using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LocalCluster.Schemas;

/// <summary>
/// Reads scalars out of JSON nodes, whichever way they were made: parsed (a view of text) or created from a .NET value.
/// </summary>
internal static class JsonScalars
{
    /// <summary>The text of a string.</summary>
    public static bool TryString(this JsonNode? node, [NotNullWhen(true)] out string? text)
    {
        text = null;
        return node is JsonValue value && value.TryGetValue(out text);
    }

    /// <summary>
    /// A whole number, in Kubernetes' sense: written without fraction and exponent, and within 64 bits. 1.0 is none.
    /// </summary>
    public static bool TryInteger(this JsonNode? node, out long integer)
    {
        integer = 0;
        if (node is not JsonValue value || value.GetValueKind() != JsonValueKind.Number)
        {
            return false;
        }

        return value.TryGetValue(out integer)
            || (!value.TryGetValue(out double _) && TryWiden(value, out integer));
    }

    /// <summary>Any number, as Go's float64.</summary>
    public static bool TryNumber(this JsonNode? node, out double number)
    {
        number = 0;
        if (node is not JsonValue value || value.GetValueKind() != JsonValueKind.Number)
        {
            return false;
        }

        if (value.TryGetValue(out number))
        {
            return true;
        }

        number = double.Parse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture);
        return true;
    }

    /// <summary>true or false.</summary>
    public static bool TryBoolean(this JsonNode? node, out bool boolean)
    {
        boolean = false;
        return node is JsonValue value && value.TryGetValue(out boolean);
    }

    // A value made from a .NET int, short or decimal answers to its own type only.
    private static bool TryWiden(JsonValue value, out long integer) =>
        long.TryParse(value.ToJsonString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out integer);
}
