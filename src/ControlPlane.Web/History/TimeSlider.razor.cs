using System.Globalization;
using ControlPlane.Api.Audit;
using ControlPlane.Api.Problems;
using Microsoft.AspNetCore.Components;

namespace ControlPlane.Web.History;

/// <summary>Chooses an instant of a period, by dragging, by the calendar, or from change to change.</summary>
public sealed partial class TimeSlider
{
    private DateTimeOffset _shown;

    /// <summary>Begin of the period.</summary>
    [Parameter, EditorRequired]
    public DateTimeOffset From { get; set; }

    /// <summary>End of the period.</summary>
    [Parameter, EditorRequired]
    public DateTimeOffset To { get; set; }

    /// <summary>The instant in force.</summary>
    [Parameter, EditorRequired]
    public DateTimeOffset At { get; set; }

    /// <summary>When something changed, in order.</summary>
    [Parameter]
    public IReadOnlyList<DateTimeOffset> Marks { get; set; } = [];

    /// <summary>Told of another instant.</summary>
    [Parameter]
    public EventCallback<DateTimeOffset> Changed { get; set; }

    private long Seconds => Math.Max(1, (long)Math.Ceiling((To - From).TotalSeconds));

    private long Position => Math.Clamp((long)Math.Ceiling((_shown - From).TotalSeconds), 0, Seconds);

    private string Field => _shown.ToOffset(Instant.India).ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);

    private DateTimeOffset? Before => Marks.Where(mark => mark < At).Cast<DateTimeOffset?>().LastOrDefault();

    private DateTimeOffset? After => Marks.Where(mark => mark > At).Cast<DateTimeOffset?>().FirstOrDefault();

    /// <inheritdoc/>
    protected override void OnParametersSet() => _shown = At;

    private static string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    private double Part(DateTimeOffset mark) => Math.Clamp((mark - From) / (To - From), 0, 0.998);

    private void Drag(object? value) => _shown = AtSecond(value);

    private Task DropAsync(object? value) => Changed.InvokeAsync(AtSecond(value));

    private Task GoAsync(DateTimeOffset? mark) => mark is { } at ? Changed.InvokeAsync(at) : Task.CompletedTask;

    private Task WriteAsync(string? text)
    {
        try
        {
            return Instant.Read("at", text) is { } at ? Changed.InvokeAsync(at) : Task.CompletedTask;
        }
        catch (RequestException)
        {
            return Task.CompletedTask; // half a date: somebody is still typing
        }
    }

    private DateTimeOffset AtSecond(object? value) =>
        From.AddSeconds(long.TryParse((string?)value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? seconds : Position) is var at && at < To ? at : To;
}
