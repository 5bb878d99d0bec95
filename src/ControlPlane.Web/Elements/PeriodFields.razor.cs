using System.Globalization;
using ControlPlane.Api.Audit;
using ControlPlane.Api.Problems;
using Microsoft.AspNetCore.Components;

namespace ControlPlane.Web.Elements;

/// <summary>A period as the address says it.</summary>
/// <param name="From">Begin; null for the first.</param>
/// <param name="To">End; null for now.</param>
public sealed record Period(string? From, string? To);

/// <summary>Chooses a period in Indian Standard Time.</summary>
public sealed partial class PeriodFields
{
    private static readonly (int Hours, string Name)[] Spans =
        [(1, "Last hour"), (24, "Last 24 hours"), (7 * 24, "Last 7 days"), (30 * 24, "Last 30 days"), (180 * 24, "Last 180 days"), (365 * 24, "Last year")];

    /// <summary>Begin, as the address says it.</summary>
    [Parameter]
    public string? From { get; set; }

    /// <summary>End, as the address says it.</summary>
    [Parameter]
    public string? To { get; set; }

    /// <summary>Told of another period.</summary>
    [Parameter]
    public EventCallback<Period> Changed { get; set; }

    [Inject]
    private TimeProvider Time { get; set; } = null!;

    /// <summary>The instant as the browser's field wants it: a local time, here that of India, to the minute.</summary>
    private static string? Field(string? text)
    {
        try
        {
            return Instant.Read("time", text)?.ToOffset(Instant.India).ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture);
        }
        catch (RequestException)
        {
            return null; // the page says what is wrong with the address
        }
    }

    private Task ChangeAsync(string? from, string? to) => Changed.InvokeAsync(new(Value(from), Value(to)));

    private Task LastAsync(string? hours) => int.TryParse(hours, NumberStyles.None, CultureInfo.InvariantCulture, out var span)
        ? Changed.InvokeAsync(new(Field(Instant.Write(Time.GetUtcNow() - TimeSpan.FromHours(span))), To: null))
        : Task.CompletedTask;

    private static string? Value(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
