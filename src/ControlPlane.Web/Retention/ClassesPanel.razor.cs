using System.Globalization;
using Compliance.Retention;
using ControlPlane.Api.Audit.Retention;
using ControlPlane.Web.Actors;
using ControlPlane.Web.Formatting;
using Microsoft.AspNetCore.Components;

namespace ControlPlane.Web.Retention;

/// <summary>How long entries of each class are kept and by which rule, and what may be pruned.</summary>
public sealed partial class ClassesPanel
{
    private RetentionReport? _report;
    private PruneOutcome? _done;

    [Inject]
    private RetentionQuery Retention { get; set; } = null!;

    [Inject]
    private PruneCommand Prunes { get; set; } = null!;

    [Inject]
    private ActorBook Actors { get; set; } = null!;

    /// <inheritdoc/>
    protected override Task OnInitializedAsync() => ReadAsync();

    internal static string Day(DateOnly day) => day.ToString("d MMM yyyy", CultureInfo.InvariantCulture);

    private static string Size(long bytes) => bytes switch
    {
        < 1000 => IndianNumber.Of(bytes, "byte"),
        < 1_000_000 => $"{IndianNumber.Count((long)Math.Ceiling(bytes / 1000.0))} kB",
        _ => $"{IndianNumber.Count((long)Math.Ceiling(bytes / 1_000_000.0))} MB",
    };

    private static string Why(PruneStop stop)
    {
        var entry = $"Entry {IndianNumber.Count(stop.Index)} of class {stop.Class}, recorded {IndiaTime.Minute(stop.RecordedAt)},";
        return stop switch
        {
            { Holds.Count: > 0 } => $"{entry} must stay, and all after it: the legal hold {string.Join(", ", stop.Holds)} keeps it.",
            { Until: { } until } => $"{entry} must stay until {Day(until)}, and all after it as long: {stop.Rule} wants it.",
            _ => $"{entry} stays for ever, and all after it: no rule in force speaks of its class.",
        };
    }

    private Task ReadAsync() => AskAsync(
        async cancel =>
        {
            var report = await Retention.ReadAsync(cancel);
            await Actors.LearnAsync(report.Past.Select(static prune => prune.By), cancel);
            return report;
        },
        report => _report = report);

    private async Task PruneAsync(string? reason)
    {
        _done = null;
        await AskAsync(cancel => Prunes.RunAsync(_report?.Next?.End, reason, cancel), done => _done = done);
        if (_done is not null)
        {
            await ReadAsync();
        }
    }
}
