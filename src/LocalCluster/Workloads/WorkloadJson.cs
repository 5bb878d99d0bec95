using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using ControlPlane.Kubernetes.Resources;

namespace LocalCluster.Workloads;

/// <summary>How controllers and the node agent write what they report.</summary>
internal static class WorkloadJson
{
    /// <summary><see cref="KubeJson.Options"/>, with times as metav1.Time has them: UTC, whole seconds, <c>Z</c>.</summary>
    public static JsonSerializerOptions Options { get; } = Create();

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(KubeJson.Options);
        options.Converters.Add(new TimeConverter());
        options.Converters.Add(new ModelTimeConverter());
        options.MakeReadOnly();
        return options;
    }

    private static string Format(DateTime utc) => utc.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private sealed class TimeConverter : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset();

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(Format(value.UtcDateTime));
    }

    /// <summary>For the types of KubernetesClient, which have times in UTC.</summary>
    private sealed class ModelTimeConverter : JsonConverter<DateTime>
    {
        public override DateTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTime();

        public override void Write(Utf8JsonWriter writer, DateTime value, JsonSerializerOptions options) => writer.WriteStringValue(Format(value));
    }
}
