using ControlPlane.Api.Access;
using ControlPlane.Api.Incidents;
using ControlPlane.Api.Tests.Rollouts;
using ControlPlane.Kubernetes.Resources.Rollouts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ControlPlane.Api.Tests.Incidents;

/// <summary>What rollbacks do to incidents; a second teller over the same store is a restart, or another replica.</summary>
public sealed class RolloutIncidentsTests(RolloutHost host) : IClassFixture<RolloutHost>
{
    private readonly FakeTimeProvider _time = new(Rollout.Now);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private IncidentBook Book => host.Services.GetRequiredService<IncidentBook>();

    [Fact]
    public async Task A_rollback_opens_an_incident_where_the_rollout_says_so_and_is_told_once()
    {
        var rollout = RolledBack(await host.DeclareAsync(Rollout.OnItsWay()), IncidentSeverity.P2, Rollout.Now.AddMinutes(-1));

        Assert.True(await TellAsync(rollout));
        Assert.True(await TellAsync(rollout));

        var incident = await OpenAsync(rollout);
        Assert.Equal((IncidentSeverity.P2, "A new version of order was rolled back"), (incident.Severity, incident.Title));
        Assert.Equal([$"{rollout.Metadata.Namespace}/order"], incident.Services);
        var note = Assert.Single(incident.Timeline);
        Assert.Equal((IncidentNoteType.RolledBack, Rollout.Now.AddMinutes(-1)), (note.Type, note.At));
        Assert.EndsWith("took revision r2 back: 5 % of its requests failed", note.Text, StringComparison.Ordinal);
        Assert.Contains(host.Log.Events, entry => entry.Action == "incidents.declare" && entry.Object?.Namespace == rollout.Metadata.Namespace && entry.Actor.Id == Caller.System.Id);
    }

    [Fact]
    public async Task The_next_rollback_tells_the_open_incident_more_and_opens_another_once_that_is_resolved()
    {
        var ns = await host.DeclareAsync(Rollout.OnItsWay());
        var (first, second, third) = (Rollout.Now.AddMinutes(-9), Rollout.Now.AddMinutes(-6), Rollout.Now.AddMinutes(-3));
        await TellAsync(RolledBack(ns, IncidentSeverity.P1, first));
        await TellAsync(RolledBack(ns, IncidentSeverity.P1, second, first));
        var open = await OpenAsync(RolledBack(ns, IncidentSeverity.P1));
        Assert.Equal([first, second], open.Timeline.Select(static note => note.At).Order());

        await Book.AddAsync(open.Number, new() { Id = Guid.CreateVersion7(), Type = IncidentNoteType.Resolved, At = Rollout.Now, By = "u_1", Text = "mended" }, Cancel);
        await TellAsync(RolledBack(ns, IncidentSeverity.P1, third, second, first));
        Assert.Equal([third], (await OpenAsync(RolledBack(ns, IncidentSeverity.P1))).Timeline.Select(static note => note.At));
    }

    [Fact]
    public async Task Nothing_is_opened_where_nothing_is_asked_for_or_for_what_is_no_news()
    {
        var ns = await host.DeclareAsync(Rollout.OnItsWay());

        await TellAsync(RolledBack(ns, severity: null, Rollout.Now));
        await TellAsync(RolledBack(ns, IncidentSeverity.P0, Rollout.Now - RolloutIncidents.News));

        Assert.Null(await Book.FindOpenAsync(Source(RolledBack(ns, null)), Cancel));
    }

    [Fact]
    public async Task What_is_too_long_for_an_incident_is_cut_and_told_all_the_same()
    {
        var ns = await host.DeclareAsync(Rollout.OnItsWay());
        var wordy = RolledBack(ns, IncidentSeverity.P3, Rollout.Now)
            .Declaring(static spec => spec with { Members = [.. Enumerable.Range(0, 5).Select(static i => new RolloutMember { Service = new string((char)('a' + i), 63) })] })
            .With(static status => status with { Decisions = [.. status.Decisions.Select(static decision => decision with { Message = new string('m', 9000) })] });

        await TellAsync(wordy);

        var incident = await OpenAsync(wordy);
        Assert.Equal((Incident.LongestTitle, IncidentNote.LongestText), (incident.Title.Length, Assert.Single(incident.Timeline).Text.Length));
    }

    private static string Source(CanaryRollout rollout) => $"CanaryRollout {rollout.Metadata.Key}";

    private static CanaryRollout RolledBack(string ns, IncidentSeverity? severity, params DateTimeOffset[] lastFirst)
    {
        var failed = Rollout.Failed().Declaring(spec => spec with { Rollback = spec.Rollback with { Incident = severity } }).With(status => status with
        {
            Decisions = [.. lastFirst.Select(static at => new RolloutDecision { At = at, Revision = "r2", Type = RolloutDecisions.RolledBack, Message = "5 % of its requests failed" })],
        });
        return failed with { Metadata = failed.Metadata with { Namespace = ns, Uid = $"uid-{ns}" } };
    }

    private async Task<Incident> OpenAsync(CanaryRollout rollout)
    {
        var open = await Book.FindOpenAsync(Source(rollout), Cancel);
        return (await Book.FindAsync(open!.Number, Cancel))!;
    }

    private async Task<bool> TellAsync(CanaryRollout rollout)
    {
        var callers = host.Services.GetRequiredService<CallerContext>();
        callers.Become(Caller.System);
        using var another = new RolloutIncidents(host.Caches, Book, host.Services.GetRequiredService<IncidentCommands>(), callers, _time, NullLogger<RolloutIncidents>.Instance);
        return await another.TellAsync(rollout, Cancel);
    }
}
