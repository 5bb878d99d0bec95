using ControlPlane.Api.Audit;
using ControlPlane.Api.History;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Web.Elements;
using Microsoft.AspNetCore.Components;

namespace ControlPlane.Web.History;

/// <summary>One service at an instant that a slider chooses, or between the two ends of the period.</summary>
public sealed partial class ServiceThen
{
    private const int MostMarks = 200;

    private (DateTimeOffset, HistoryPeriod, string)? _asked;
    private IReadOnlyList<DateTimeOffset> _marks = [];
    private ServiceAtInstant? _then;
    private ServiceBetweenInstants? _between;
    private bool _read;

    /// <summary>What the page shows.</summary>
    [Parameter, EditorRequired]
    public HistoryUrl Url { get; set; } = null!;

    /// <summary>The period.</summary>
    [Parameter, EditorRequired]
    public HistoryPeriod Period { get; set; } = null!;

    /// <summary>The service.</summary>
    [Parameter, EditorRequired]
    public ObjectKey Service { get; set; }

    /// <summary>The instant.</summary>
    [Parameter, EditorRequired]
    public DateTimeOffset At { get; set; }

    [Inject]
    private HistoryQuery History { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    private IReadOnlyList<Tab> Tabs =>
    [
        new("at", "At this instant", (Url with { View = "at" }).Write()),
        new("between", "Between the ends", (Url with { View = "between" }).Write()),
    ];

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (_asked != (At, Period, Url.View))
        {
            _asked = (At, Period, Url.View);
            await ReadAsync();
        }
    }

    private Task ReadAsync() => AskAsync(
        async cancel => (
            Marks: await History.ChangesAsync(Period, before: null, MostMarks, cancel),
            Then: Url.View == "at" ? await History.AtAsync(Service, At, cancel) : null,
            Between: Url.View == "between" ? await History.BetweenAsync(Service, Period.From, Period.To, cancel) : null),
        answer =>
        {
            _marks = [.. answer.Marks.Items.Select(change => change.At).Order()];
            (_then, _between, _read) = (answer.Then, answer.Between, true);
        });

    /// <summary>Dragging refines one view: going back leaves it rather than playing it backwards.</summary>
    private void GoTo(DateTimeOffset at) =>
        Navigation.NavigateTo((Url with { At = Instant.Write(at), From = Instant.Write(Period.From), To = Instant.Write(Period.To), View = "at" }).Write(), replace: true);
}
