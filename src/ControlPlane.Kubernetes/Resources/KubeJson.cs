using System.Collections;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using k8s.Models;

namespace ControlPlane.Kubernetes.Resources;

/// <summary>How the fleet's own types are read from and written to JSON.</summary>
public static class KubeJson
{
    /// <summary>
    /// Camel case; absent rather than null or empty; a null where the type forbids it is an error, so that a decoded object never
    /// surprises its user.
    /// </summary>
    public static JsonSerializerOptions Options { get; } = Create();

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            NumberHandling = JsonNumberHandling.Strict,
            PropertyNameCaseInsensitive = false,
            RespectNullableAnnotations = true,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { OmitEmptyCollections } },
        };
        options.Converters.Add(new SharedStringConverter());
        options.Converters.Add(new StringMap.Converter());
        options.Converters.Add(new JsonStringEnumConverter());
        options.Converters.Add(new IntOrStringConverter());
        options.Converters.Add(new QuantityConverter());
        options.MakeReadOnly();
        return options;
    }

    private static void OmitEmptyCollections(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            if (property.PropertyType != typeof(string) && typeof(IEnumerable).IsAssignableFrom(property.PropertyType) && !IsAlwaysWritten(property))
            {
                property.ShouldSerialize = static (_, value) => value is IEnumerable items && items.Cast<object?>().Any();
            }
        }
    }

    /// <summary>Some schemas require a list even when it is empty: <c>[JsonIgnore(Condition = JsonIgnoreCondition.Never)]</c> says so.</summary>
    private static bool IsAlwaysWritten(JsonPropertyInfo property) => property.AttributeProvider?
        .GetCustomAttributes(typeof(JsonIgnoreAttribute), inherit: true)
        .Any(static attribute => attribute is JsonIgnoreAttribute { Condition: JsonIgnoreCondition.Never }) == true;

    private sealed class IntOrStringConverter : JsonConverter<IntOrString>
    {
        public override IntOrString Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Number ? reader.GetInt32() : reader.GetString();

        public override void Write(Utf8JsonWriter writer, IntOrString value, JsonSerializerOptions options)
        {
            if (int.TryParse(value.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            {
                writer.WriteNumberValue(number);
            }
            else
            {
                writer.WriteStringValue(value.Value);
            }
        }
    }

    private sealed class QuantityConverter : JsonConverter<ResourceQuantity>
    {
        public override ResourceQuantity Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var text = reader.TokenType == JsonTokenType.Number
                ? reader.GetDecimal().ToString(CultureInfo.InvariantCulture)
                : reader.GetString();
            try
            {
                return new(text);
            }
            catch (FormatException e)
            {
                throw new JsonException($"'{text}' is no quantity", e);
            }
        }

        public override void Write(Utf8JsonWriter writer, ResourceQuantity value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString());
    }
}
