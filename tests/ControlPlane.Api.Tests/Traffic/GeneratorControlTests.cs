using System.Net;
using System.Net.Http.Json;
using Compliance.Audit;
using ControlPlane.Api.Access;
using ControlPlane.Api.Commands;
using ControlPlane.Api.Problems;
using ControlPlane.Api.Tests.Testing;
using ControlPlane.Api.Traffic.Generator;
using Microsoft.Extensions.DependencyInjection;

namespace ControlPlane.Api.Tests.Traffic;

public sealed class GeneratorControlTests
{
    private static readonly GeneratorSettings On = new(On: true, 10, 60);

    private readonly RunningControlPlane _running;
    private readonly FakeGenerator _generator = new();
    private readonly GeneratorControl _control;

    public GeneratorControlTests(RunningControlPlane running)
    {
        _running = running;
        _control = new GeneratorControl([_generator], running.Services.GetRequiredService<CommandGate>(), running.Services.GetRequiredService<Authorizer>());
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_platform_engineer_turns_it_on_and_that_is_on_record_with_what_was_before()
    {
        Become("asha", Role.PlatformEngineer);

        var status = await _control.SetAsync(On, seen: null, "a demo", Cancellation);

        Assert.Equal(On, status.Settings);
        var done = _running.Log.Events.Last(item => item is { Action: "traffic.generate", Outcome: AuditOutcome.Succeeded });
        Assert.Equal((GeneratorControl.Kind, "example-fleet", "a demo"), (done.Object!.Kind, done.Object.Name, done.Reason));
    }

    [Theory]
    [InlineData(Role.Viewer)]
    [InlineData(Role.OnCall)]
    [InlineData(Role.ComplianceOfficer)]
    public async Task Others_may_look_and_not_touch(Role role)
    {
        Become("ravi", role);

        Assert.NotNull(_control.Status);
        await Assert.ThrowsAsync<AccessException>(() => _control.SetAsync(On, null, null, Cancellation));
        Assert.False(_generator.Status.Settings.On);
    }

    [Fact]
    public async Task A_setting_out_of_its_bounds_is_named_and_changes_nothing()
    {
        Become("asha", Role.PlatformEngineer);

        var refused = await Assert.ThrowsAsync<RequestException>(() => _control.SetAsync(On with { RequestsPerSecond = 1e9 }, null, null, Cancellation));

        Assert.Equal((HttpStatusCode.BadRequest, "requestsPerSecond"), (refused.StatusCode, refused.Field));
        Assert.False(_generator.Status.Settings.On);
    }

    [Fact]
    public async Task A_change_of_settings_that_somebody_else_changed_is_refused()
    {
        Become("asha", Role.PlatformEngineer);
        var seen = _generator.Status.Settings.Tag;
        await _control.SetAsync(On, seen, null, Cancellation);

        var refused = await Assert.ThrowsAsync<RequestException>(() => _control.SetAsync(On with { RequestsPerSecond = 20 }, seen, null, Cancellation));

        Assert.Equal(HttpStatusCode.PreconditionFailed, refused.StatusCode);
        Assert.Equal(10, _generator.Status.Settings.RequestsPerSecond);
    }

    /// <summary>As on every cluster but the embedded one.</summary>
    [Fact]
    public async Task Where_there_is_none_that_is_said_plainly()
    {
        var read = (await _running.GetAsync("/api/v1/traffic/generator")).Problem(HttpStatusCode.NotFound);
        Assert.Equal(GeneratorControl.Absence, (string)read["detail"]!);

        using var put = new HttpRequestMessage(HttpMethod.Put, "/api/v1/traffic/generator") { Content = JsonContent.Create(On) };
        var set = (await _running.SendAsync(put)).Problem(HttpStatusCode.Conflict);
        Assert.Equal("generator", (string)set["field"]!);
    }

    [Theory]
    [InlineData("/api/v1/traffic/map?window=9m", "window")]
    [InlineData("/api/v1/traffic/map?group=colour", "group")]
    [InlineData("/api/v1/traffic/flows?window=9m", "window")]
    public async Task A_question_that_makes_no_sense_names_its_word(string path, string field) =>
        Assert.Equal(field, (string)(await _running.GetAsync(path)).Problem(HttpStatusCode.BadRequest)["field"]!);

    [Fact]
    public async Task Where_nothing_measures_traffic_the_map_says_what_to_set()
    {
        var problem = (await _running.GetAsync("/api/v1/traffic/map")).Problem(HttpStatusCode.ServiceUnavailable);

        Assert.Equal("Unsupported", (string)problem["failure"]!);
        Assert.Contains("Metrics:Prometheus", (string)problem["detail"]!, StringComparison.Ordinal);
    }

    private void Become(string id, Role role) => _running.Services.GetRequiredService<CallerContext>().Become(TestCaller.Of(id, new RoleGrant(role)));

    private sealed class FakeGenerator : ITrafficGenerator
    {
        public GeneratorStatus Status { get; private set; } = new(new GeneratorSettings(On: false, 5, 1440), "http://127.0.0.1:5082", 12, 0, 0, 0, 0);

        public (string Field, string Message)? ProblemOf(GeneratorSettings settings) => settings.RequestsPerSecond > 200 ? ("requestsPerSecond", "must be from 0.1 to 200") : null;

        public void Set(GeneratorSettings settings) => Status = Status with { Settings = settings };
    }
}
