using System.Text.Json;

namespace ControlPlane.Kubernetes.Resources;

/// <summary>
/// Reads single values on the way through a document. Whatever is wrong with a value (its type, its range, its encoding) is a
/// <see cref="JsonException"/>, as everything else that is wrong with JSON: callers live through that one.
/// </summary>
internal static class JsonTokens
{
    /// <summary>Reads the value that follows; it must be a string or null.</summary>
    public static string? ReadString(this ref Utf8JsonReader reader)
    {
        reader.Read();
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException e) // another kind of value, or text that is no UTF-8
        {
            throw new JsonException("expected a string", e);
        }
    }

    /// <summary>Reads the value that follows; it must be an integer.</summary>
    public static long ReadInt64(this ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var value)
            ? value
            : throw new JsonException("expected an integer");
    }

    /// <summary>Moves on to the value that follows, which must be an object.</summary>
    public static void ReadStartObject(this ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("expected an object");
        }
    }

    /// <summary>Passes over the value that follows.</summary>
    public static void SkipValue(this ref Utf8JsonReader reader)
    {
        reader.Read();
        reader.Skip();
    }
}
