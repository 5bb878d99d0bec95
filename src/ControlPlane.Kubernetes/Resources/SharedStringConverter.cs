using System.Text.Json;
using System.Text.Json.Serialization;

namespace ControlPlane.Kubernetes.Resources;

/// <summary>
/// Decodes equal strings to the same string. A fleet's objects say the same few things over and over (label keys, images, the name of their
/// service), so that caches of them are mostly copies of one another's text.
/// </summary>
/// <remarks>
/// A table of the last seen strings, each in the one place that its hash gives it: a newcomer takes the place of another, so it never grows.
/// Threads may overtake each other; the worst that comes of it is a copy.
/// </remarks>
internal sealed class SharedStringConverter : JsonConverter<string>
{
    private const int Places = 1 << 15;

    /// <summary>Longer text is a message or an embedded document: seldom said twice.</summary>
    private const int LongestShared = 128;

    private readonly string?[] _seen = new string?[Places];

    /// <inheritdoc/>
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName) || reader.ValueSpan.Length > LongestShared || reader.HasValueSequence)
        {
            return reader.GetString();
        }

        Span<char> buffer = stackalloc char[LongestShared];
        return Share(buffer[..reader.CopyString(buffer)]);
    }

    /// <inheritdoc/>
    public override string ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Read(ref reader, typeToConvert, options)!;

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);

    /// <inheritdoc/>
    public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WritePropertyName(value);

    private string Share(ReadOnlySpan<char> text)
    {
        ref var place = ref _seen[string.GetHashCode(text, StringComparison.Ordinal) & (Places - 1)];
        var known = place;
        return known is not null && text.SequenceEqual(known) ? known : place = text.ToString();
    }
}
