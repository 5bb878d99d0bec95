using System.Text.Json;
using System.Text.Json.Serialization;

namespace ControlPlane.Api.Audit.Exports;

/// <summary>How queries are written into the log and into packages.</summary>
internal static class ExportJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter() },
    };
}
