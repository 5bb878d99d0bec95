using System.Buffers;
using System.Collections.Frozen;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Fleet.Hosting.Logging;

/// <summary>
/// Writes every log entry as one JSON object. The message is the constant template; what happened to whom stands in fields of their own.
/// An exception's message can quote what a customer typed, so that only its type and stack are written.
/// </summary>
internal sealed class JsonLineLoggerProvider(string service, FleetInstance instance, CurrentRequest current) : ILoggerProvider
{
    private const string TemplateKey = "{OriginalFormat}";

    private static readonly FrozenSet<string> OwnFields = FrozenSet.Create(
        "time", "service", "instance", "version", "level", "event", "requestId", "traceId", "message", "exception", "stack", "cause");

    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Lock _gate = new();
    private readonly ArrayBufferWriter<byte> _buffer = new(512);

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose()
    {
    }

    private void Write(string category, LogLevel level, EventId eventId, object? state, Exception? exception)
    {
        lock (_gate)
        {
            _buffer.ResetWrittenCount();
            using (var json = new Utf8JsonWriter(_buffer, WriterOptions))
            {
                json.WriteStartObject();
                json.WriteString("time", instance.Time.GetUtcNow().UtcDateTime);
                json.WriteString("service", service);
                json.WriteString("instance", instance.Name);
                json.WriteString("version", instance.Version);
                json.WriteString("level", Name(level));
                json.WriteString("event", eventId.Name ?? category);
                WriteRequest(json);
                WriteState(json, state);
                WriteException(json, exception);
                json.WriteEndObject();
            }

            instance.Log(Encoding.UTF8.GetString(_buffer.WrittenSpan));
        }
    }

    private void WriteRequest(Utf8JsonWriter json)
    {
        if (current.Id is { } id)
        {
            json.WriteString("requestId", id);
        }

        if (Activity.Current is { } activity)
        {
            json.WriteString("traceId", activity.TraceId.ToHexString());
        }
    }

    private static void WriteState(Utf8JsonWriter json, object? state)
    {
        if (state is not IReadOnlyList<KeyValuePair<string, object?>> fields)
        {
            return;
        }

        foreach (var (key, value) in fields)
        {
            WriteField(json, key == TemplateKey ? "message" : FieldName(key), value);
        }
    }

    private static void WriteField(Utf8JsonWriter json, string name, object? value)
    {
        switch (value)
        {
            case null:
                break;
            case int number:
                json.WriteNumber(name, number);
                break;
            case long number:
                json.WriteNumber(name, number);
                break;
            case double number:
                json.WriteNumber(name, number);
                break;
            case decimal number:
                json.WriteNumber(name, number);
                break;
            case bool flag:
                json.WriteBoolean(name, flag);
                break;
            default:
                json.WriteString(name, Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }

    /// <summary>
    /// The framework's own entries may carry a field of the same name as one of ours; a JSON object must not have it twice.
    /// </summary>
    private static string FieldName(string key)
    {
        var name = JsonNamingPolicy.CamelCase.ConvertName(key);
        return OwnFields.Contains(name) ? "field." + name : name;
    }

    private static void WriteException(Utf8JsonWriter json, Exception? exception)
    {
        if (exception is null)
        {
            return;
        }

        json.WriteString("exception", exception.GetType().FullName);
        json.WriteString("stack", exception.StackTrace);
        if (exception.InnerException is { } inner)
        {
            json.WriteString("cause", inner.GetType().FullName);
        }
    }

    private static string Name(LogLevel level) => level switch
    {
        LogLevel.Information => "info",
        LogLevel.Warning => "warning",
        LogLevel.Error => "error",
        LogLevel.Critical => "critical",
        _ => "debug",
    };

    private sealed class Logger(JsonLineLoggerProvider provider, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel is not LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            provider.Write(category, logLevel, eventId, state, exception);
    }
}
