using System.Diagnostics.Metrics;
using System.Text;
using System.Text.Json.Nodes;
using Compliance.Audit;
using Compliance.Audit.Testing;
using ControlPlane.Api.Access;
using ControlPlane.Api.Audit.Ingestion;
using ControlPlane.Api.Tests.Testing;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Operators.Cluster;

namespace ControlPlane.Api.Tests.Audit.Ingestion;

/// <summary>Over what a kube-apiserver sent while somebody worked with kubectl (server 1.36, kubectl 1.32; docs/operations/audit-webhook.md has the policy).</summary>
public sealed class KubernetesIngestionTests : IDisposable
{
    private readonly InMemoryAuditLog _log = new();
    private readonly Meter _meter = new("tests");
    private readonly KubeConnection _nowhere;
    private readonly CallerContext _callers = new();
    private readonly KubernetesEntry _entries;

    public KubernetesIngestionTests()
    {
        var metrics = new RuntimeMetrics(_meter);
        _nowhere = KubeConnection.Anonymous(new Uri("http://127.0.0.1:1"), metrics);
        var api = new KubeApi(_nowhere);
        _callers.Become(TestCaller.Of("apiserver", new RoleGrant(Role.AuditSource)));
        var caches = new FleetCaches(api, metrics, TimeProvider.System, NullLoggerFactory.Instance);
        var key = new byte[32];
        _entries = new KubernetesEntry(caches, new Pseudonyms(_ => new(key)));
    }

    public void Dispose()
    {
        _nowhere.Dispose();
        _meter.Dispose();
    }

    [Fact]
    public async Task Every_write_of_a_session_is_on_record_and_nothing_else()
    {
        var outcome = await TakeAsync(Session());

        Assert.Equal(
            [
                "kubernetes.create Namespace recorded", "kubernetes.create ManagedService cart", "kubernetes.create Secret key", "kubernetes.patch ManagedService cart",
                "kubernetes.delete Secret key", "kubernetes.patch ManagedService cart", "kubernetes.patch ManagedService cart", "kubernetes.patch ManagedService cart",
                "kubernetes.create Deployment web", "kubernetes.patch Deployment/scale web", "kubernetes.patch Deployment web", "kubernetes.delete ManagedService cart",
            ],
            _log.Events.Select(item => $"{item.Action} {item.Object!.Kind} {item.Object.Name}"));
        Assert.Equal((12, 0, 0, 1), (outcome.Recorded, outcome.Duplicates, outcome.Own, outcome.Skipped)); // the dry run is no write
        Assert.All(_log.Events, item => Assert.Equal(("kube-apiserver", "kubectl", AuditOutcome.Succeeded), (item.Source, item.Actor.Via, item.Outcome)));
    }

    [Fact]
    public async Task A_batch_that_comes_twice_is_recorded_once()
    {
        await TakeAsync(Session());

        var again = await TakeAsync(Session());

        Assert.Equal((0, 12), (again.Recorded, again.Duplicates));
    }

    [Fact]
    public async Task A_client_that_gives_its_request_an_older_ones_id_hides_nothing()
    {
        var session = Session();
        foreach (var item in session["items"]!.AsArray())
        {
            item!["auditID"] = "00000000-0000-0000-0000-000000000000";
        }

        Assert.Equal(12, (await TakeAsync(session)).Recorded);
    }

    [Fact]
    public async Task Names_and_addresses_of_people_are_personal_data_and_nowhere_else()
    {
        await TakeAsync(Session());

        var created = _log.Events.First(item => item.Action == "kubernetes.create" && item.Object!.Kind == "ManagedService");
        Assert.Contains(created.PersonalData, datum => datum is { Field: "actor.name", Value: "asha@example.in" } && datum.Subject == created.Actor.Id);
        Assert.Contains(created.PersonalData, datum => datum is { Field: "impersonator.name", Value: "admin" });
        Assert.Equal(AuditActorKind.Person, created.Actor.Kind);
        Assert.All(_log.Events, item =>
        {
            var text = $"{item.Actor} {item.Details} {item.After} {item.Reason} {item.CorrelationId}";
            Assert.DoesNotContain("asha", text, StringComparison.Ordinal);
            Assert.DoesNotContain("127.0.0.1", text, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task A_declaration_is_recorded_as_it_is_after_and_other_edits_by_their_fields()
    {
        await TakeAsync(Session());

        Assert.Equal("High", (string)_log.Events[3].After!["spec"]!["tier"]!);
        Assert.Equal(["spec.tier"], _log.Events[3].Details!["fields"]!.AsArray().Select(field => (string)field!));
        Assert.Null(_log.Events[10].After);
        Assert.Equal(["spec.template.spec.$setElementOrder/containers", "spec.template.spec.containers"], _log.Events[10].Details!["fields"]!.AsArray().Select(field => (string)field!));
    }

    [Fact]
    public async Task A_secret_is_never_kept_whatever_the_servers_policy_sends()
    {
        var session = Session();
        foreach (var item in session["items"]!.AsArray())
        {
            item!["requestObject"] = JsonNode.Parse("""{"kind":"Secret","data":{"password":"aHVudGVyMg=="},"stringData":{"password":"hunter2"}}""");
            item["responseObject"] = item["requestObject"]!.DeepClone();
        }

        await TakeAsync(session);

        Assert.All(_log.Events, item => Assert.DoesNotContain("hunter2", $"{item.After}{item.Before}{item.Details}", StringComparison.Ordinal));
        Assert.All(_log.Events, item => Assert.DoesNotContain("aHVudGVyMg", $"{item.After}{item.Before}{item.Details}", StringComparison.Ordinal));
        Assert.All(_log.Events, item => Assert.Null(item.After));
    }

    [Theory]
    [InlineData(201, AuditOutcome.Succeeded)]
    [InlineData(403, AuditOutcome.Refused)]
    [InlineData(409, AuditOutcome.Failed)]
    [InlineData(500, AuditOutcome.Failed)]
    public async Task How_it_ended_is_told(int status, AuditOutcome outcome)
    {
        var session = Session();
        session["items"]![0]!["responseStatus"]!["code"] = status;

        await TakeAsync(session);

        Assert.Equal(outcome, _log.Events[0].Outcome);
    }

    [Theory]
    [InlineData("stage", "RequestReceived")]
    [InlineData("stage", "Panic")]
    [InlineData("verb", "get")]
    public async Task What_is_no_answered_write_is_passed_over(string field, string value)
    {
        var session = Session();
        foreach (var item in session["items"]!.AsArray())
        {
            item![field] = value;
        }

        Assert.Equal((0, 13), await TakeAsync(session) is var outcome ? (outcome.Recorded, outcome.Skipped) : default);
    }

    [Theory]
    [InlineData("system:serviceaccount:dabbawala:operator", 3)]
    [InlineData("somebody-else", 0)]
    public async Task What_this_control_plane_wrote_itself_is_on_record_already(string username, int own)
    {
        var session = Session();
        foreach (var item in session["items"]!.AsArray())
        {
            item!["user"] = new JsonObject { ["username"] = username };
            item.AsObject().Remove("impersonatedUser");
        }

        var outcome = await TakeAsync(session, new OwnIdentity("system:serviceaccount:dabbawala:operator"));

        Assert.Equal((12 - own, own), (outcome.Recorded, outcome.Own)); // three were written under the console's field manager
    }

    [Fact]
    public async Task What_the_log_can_not_record_keeps_nothing_else_back()
    {
        _log.Objection = item => item.Action == "kubernetes.delete" ? ("object.name", "has control characters") : null;

        await TakeAsync(Session());

        Assert.Equal(2, _log.Events.Count(item => item is { Action: "kubernetes.unreadable", Details: not null }));
        Assert.Equal(12, _log.Events.Count);
    }

    [Fact]
    public async Task Who_speaks_for_one_namespace_does_not_speak_for_a_cluster()
    {
        var callers = new CallerContext();
        callers.Become(TestCaller.Of("shop", new RoleGrant(Role.AuditSource, "shop")));
        var ingestion = new KubernetesIngestion(new Authorizer(callers), _log, own: null!, entries: null!);

        await Assert.ThrowsAsync<AccessException>(() => ingestion.TakeAsync(new KubernetesEventList(), TestContext.Current.CancellationToken));
    }

    private static JsonObject Session() => JsonNode.Parse(File.ReadAllText(RecordedEvents.PathOf("kubectl-session.json")))!.AsObject();

    private async Task<KubernetesIngestionOutcome> TakeAsync(JsonObject list, OwnIdentity? own = null)
    {
        var ingestion = new KubernetesIngestion(new Authorizer(_callers), _log, own ?? new OwnIdentity("nobody"), _entries);
        using var body = new MemoryStream(Encoding.UTF8.GetBytes(list.ToJsonString()));
        return await ingestion.TakeAsync(body, TestContext.Current.CancellationToken);
    }
}
