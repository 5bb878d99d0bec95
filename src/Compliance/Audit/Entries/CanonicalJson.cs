using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Compliance.Audit.Entries;

/// <summary>JSON in its canonical form (RFC 8785): the same value is always the same bytes, so that it can be hashed.</summary>
public static class CanonicalJson
{
    private const int MaxDepth = 64;
    private const double LeastInexactInteger = 9007199254740992; // 2^53: from there on, RFC 8785 would change integers silently

    /// <summary>Canonical bytes of a value.</summary>
    /// <exception cref="FormatException">It can't be told: half a surrogate pair, a number that is not finite or an integer beyond 2^53, a name twice in one object, nested too deep.</exception>
    public static byte[] Serialize(JsonNode? value)
    {
        var writer = new CanonicalWriter();
        Write(writer, value);
        return writer.Written.ToArray();
    }

    internal static void Write(CanonicalWriter writer, JsonNode? value) => Write(writer, value, 0);

    private static void Write(CanonicalWriter writer, JsonNode? value, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"is nested more than {MaxDepth} deep"));
        }

        switch (value)
        {
            case null: writer.Raw("null"u8); break;
            case JsonObject members: WriteObject(writer, members, depth); break;
            case JsonArray items: WriteArray(writer, items, depth); break;
            default: WriteValue(writer, value.AsValue()); break;
        }
    }

    private static void WriteObject(CanonicalWriter writer, JsonObject members, int depth)
    {
        var sorted = Members(members);
        if (!IsSorted(sorted))
        {
            Array.Sort(sorted, static (a, b) => string.CompareOrdinal(a.Key, b.Key)); // by UTF-16 code units, as section 3.2.3 says
        }

        writer.Raw('{');
        for (var i = 0; i < sorted.Length; i++)
        {
            if (i > 0)
            {
                writer.Raw(',');
            }

            writer.String(sorted[i].Key);
            writer.Raw(':');
            Write(writer, sorted[i].Value, depth + 1);
        }

        writer.Raw('}');
    }

    private static bool IsSorted(KeyValuePair<string, JsonNode?>[] members)
    {
        for (var i = 1; i < members.Length; i++)
        {
            if (string.CompareOrdinal(members[i - 1].Key, members[i].Key) > 0)
            {
                return false;
            }
        }

        return true;
    }

    private static KeyValuePair<string, JsonNode?>[] Members(JsonObject members)
    {
        try
        {
            return [.. members];
        }
        catch (ArgumentException e) // parsed objects look for a name given twice only when they are read
        {
            throw new FormatException("has a name twice in one object", e);
        }
    }

    private static void WriteArray(CanonicalWriter writer, JsonArray items, int depth)
    {
        writer.Raw('[');
        for (var i = 0; i < items.Count; i++)
        {
            if (i > 0)
            {
                writer.Raw(',');
            }

            Write(writer, items[i], depth + 1);
        }

        writer.Raw(']');
    }

    private static void WriteValue(CanonicalWriter writer, JsonValue value)
    {
        switch (value.GetValueKind())
        {
            case JsonValueKind.String: writer.String(Text(value)); break;
            case JsonValueKind.True: writer.Raw("true"u8); break;
            case JsonValueKind.False: writer.Raw("false"u8); break;
            case JsonValueKind.Number: WriteNumber(writer, value); break;
            default: writer.Raw("null"u8); break;
        }
    }

    private static string Text(JsonValue value)
    {
        try
        {
            return value.TryGetValue<string>(out var text) ? text : JsonSerializer.Deserialize<string>(value.ToJsonString())!;
        }
        catch (InvalidOperationException e) // an escape that is half a surrogate pair
        {
            throw new FormatException("holds half of a surrogate pair", e);
        }
    }

    private static void WriteNumber(CanonicalWriter writer, JsonValue value)
    {
        if (value.TryGetValue<int>(out var small))
        {
            writer.Integer(small);
            return;
        }

        var text = value.ToJsonString();
        var number = double.Parse(text, CultureInfo.InvariantCulture);
        if (Math.Abs(number) >= LeastInexactInteger && text.AsSpan().IndexOfAny(".eE") < 0)
        {
            throw new FormatException("has an integer of 2^53 or more, which canonical JSON would round: send it as a text");
        }

        writer.Number(number);
    }
}
