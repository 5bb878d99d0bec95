using Compliance.Audit;
using Compliance.Audit.Testing;
using ControlPlane.Api.Access;
using ControlPlane.Api.History;
using ControlPlane.Kubernetes.Resources;
using Microsoft.Extensions.Time.Testing;

namespace ControlPlane.Api.Tests.History;

public sealed class HistoryTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;
    private static readonly DateTimeOffset Start = new(2026, 11, 23, 6, 30, 0, TimeSpan.Zero);
    private static readonly ObjectKey Order = new("shop", "order");

    private readonly FakeTimeProvider _time = new(Start);
    private readonly CallerContext _callers = new();
    private readonly MemoryLog _log;

    public HistoryTests()
    {
        _log = new MemoryLog(_time);
        SignIn(new RoleGrant(Role.OnCall));
    }

    private HistoryQuery History => new(_log, new Authorizer(_callers));

    [Fact]
    public async Task At_any_instant_a_service_is_what_the_last_entry_before_it_holds()
    {
        await SeeAsync(Service("order", "1.0", generation: 1), HistoryChangeKind.Created);
        _time.Advance(TimeSpan.FromHours(1));
        await SeeAsync(Service("order", "1.1", generation: 2), HistoryChangeKind.Changed);
        _time.Advance(TimeSpan.FromHours(1));
        await _log.RecordAsync(HistoryEvent.Gone(Order, "uid-order", 2, _time.GetUtcNow()));

        Assert.Null(await History.AtAsync(Order, Start.AddMinutes(-1), Cancel));
        Assert.Contains("image: fleet/app:1.0", (await History.AtAsync(Order, Start, Cancel))!.Manifest, StringComparison.Ordinal);
        Assert.Contains("image: fleet/app:1.0", (await History.AtAsync(Order, Start.AddMinutes(59), Cancel))!.Manifest, StringComparison.Ordinal);
        Assert.Contains("image: fleet/app:1.1", (await History.AtAsync(Order, Start.AddHours(1), Cancel))!.Manifest, StringComparison.Ordinal);
        var gone = (await History.AtAsync(Order, Start.AddHours(3), Cancel))!;
        Assert.Equal((null, HistoryChangeKind.Deleted), (gone.Manifest, gone.Since.Kind));
    }

    [Fact]
    public async Task Between_two_instants_it_says_which_fields_differ()
    {
        await SeeAsync(Service("order", "1.0", generation: 1), HistoryChangeKind.Created);
        _time.Advance(TimeSpan.FromHours(1));
        await SeeAsync(Service("order", "1.1", generation: 2), HistoryChangeKind.Changed);

        var between = await History.BetweenAsync(Order, Start, Start.AddHours(2), Cancel);

        Assert.Equal(["spec.workload.image"], between.Fields.Select(field => field.Path));
        Assert.Contains("+    image: fleet/app:1.1", between.Unified, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_names_who_asked_for_it_and_why()
    {
        await SeeAsync(Service("order", "1.0", generation: 1), HistoryChangeKind.Created);
        await _log.RecordAsync(SampleEvents.Of("manifests.apply", "shop/order", actor: "u-9", outcome: AuditOutcome.Attempted) with { Reason = "INC-7" });
        await _log.RecordAsync(SampleEvents.Of("manifests.apply", "shop/order", actor: "u-8", outcome: AuditOutcome.Refused));
        await SeeAsync(Service("order", "1.1", generation: 2), HistoryChangeKind.Changed);
        await _log.RecordAsync(SampleEvents.Of("manifests.apply", "shop/order", actor: "u-9"));

        var page = await History.ChangesAsync(new(Start, Start.AddHours(1), Namespace: null, Service: null), before: null, limit: 10, Cancel);

        Assert.Equal([HistoryChangeKind.Changed, HistoryChangeKind.Created], page.Items.Select(change => change.Kind));
        Assert.Equal(("u-9", "INC-7"), (page.Items[0].Cause!.Actor.Id, page.Items[0].Cause!.Reason));
        Assert.Equal(["spec.workload.image"], page.Items[0].Fields);
        Assert.Null(page.Items[1].Cause);
    }

    [Fact]
    public async Task The_fleet_of_an_instant_is_the_list_before_it_and_the_changes_since()
    {
        await _log.AppendAsync(HistoryEvent.FleetOf([new(Order, "uid-order", 1, null), new(new("shop", "cart"), "uid-cart", 4, null)], Start), Cancel);
        _time.Advance(TimeSpan.FromHours(1));
        await SeeAsync(Service("ledger", "1.0", generation: 1), HistoryChangeKind.Created);
        _time.Advance(TimeSpan.FromHours(1));
        await _log.RecordAsync(HistoryEvent.Gone(Order, "uid-order", 1, _time.GetUtcNow()));

        Assert.Equal(["cart", "order"], await NamesAsync(Start.AddMinutes(30)));
        Assert.Equal(["cart", "ledger", "order"], await NamesAsync(Start.AddMinutes(90)));
        Assert.Equal(["cart", "ledger"], await NamesAsync(Start.AddHours(3)));
        Assert.Empty(await NamesAsync(Start.AddHours(-1)));
    }

    [Fact]
    public async Task The_picture_counts_services_and_changes()
    {
        await SeeAsync(Service("order", "1.0", generation: 1), HistoryChangeKind.Created);
        await SeeAsync(Service("cart", "1.0", generation: 1), HistoryChangeKind.Created);
        _time.Advance(TimeSpan.FromHours(2));
        await _log.RecordAsync(HistoryEvent.Gone(Order, "uid-order", 1, _time.GetUtcNow()));

        var pulse = await History.PulseAsync(new(Start, Start.AddHours(3), Namespace: null, Service: null), Cancel);

        Assert.Equal((3, 2, 1), (pulse.Bars.Sum(bar => bar.Changes), pulse.Bars[0].Services, pulse.Bars[^1].Services));
    }

    [Fact]
    public async Task Who_may_see_one_namespace_sees_no_history_of_others()
    {
        await SeeAsync(Service("order", "1.0", generation: 1), HistoryChangeKind.Created);
        await SeeAsync(Service("ledger", "1.0", generation: 1, ns: "pay"), HistoryChangeKind.Created);
        SignIn(new RoleGrant(Role.OnCall, "shop"));

        Assert.Single((await History.ChangesAsync(new(Start, Start.AddHours(1), Namespace: null, Service: null), before: null, limit: 10, Cancel)).Items);
        Assert.Equal(["order"], await NamesAsync(Start.AddHours(1)));
        await Assert.ThrowsAsync<AccessException>(() => History.AtAsync(new("pay", "ledger"), Start.AddHours(1), Cancel));
        SignIn(new RoleGrant(Role.Viewer));
        await Assert.ThrowsAsync<AccessException>(() => History.FleetAsync(Start, Cancel));
    }

    [Fact]
    public async Task A_long_declaration_is_packed_and_read_back_whole()
    {
        var service = Service("order", "1.0", generation: 1);
        service = service with { Spec = service.Spec with { Description = string.Concat(Enumerable.Range(0, 4000).Select(i => $"line {i} ")) } };
        await SeeAsync(service, HistoryChangeKind.Created);

        Assert.Contains("line 3999", (await History.AtAsync(Order, Start, Cancel))!.Manifest, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_generation_of_the_same_object_is_recorded_once_whoever_records_it()
    {
        await SeeAsync(Service("order", "1.0", generation: 1), HistoryChangeKind.Created);
        await SeeAsync(Service("order", "1.0", generation: 1), HistoryChangeKind.FirstSeen);

        Assert.Equal(1, _log.Size);
        var id = _log.Records[0].EventId.ToString();
        Assert.True(id[14] == '7' && "89ab".Contains(id[19], StringComparison.Ordinal), $"{id} is no UUIDv7");
    }

    private async Task<IReadOnlyList<string>> NamesAsync(DateTimeOffset at) => [.. (await History.FleetAsync(at, Cancel)).Select(service => service.Key.Name)];

    private Task SeeAsync(ManagedService service, HistoryChangeKind kind) => _log.RecordAsync(HistoryEvent.Of(service, kind, _time.GetUtcNow()));

    private static ManagedService Service(string name, string version, long generation, string ns = "shop") => new()
    {
        Metadata = new ObjectMeta { Name = name, Namespace = ns, Uid = $"uid-{name}", Generation = generation, CreationTimestamp = Start },
        Spec = new ManagedServiceSpec { Owner = new ServiceOwner { Team = "orders" }, Workload = new ServiceWorkload { Image = $"fleet/app:{version}" } },
    };

    private void SignIn(params IReadOnlyList<RoleGrant> grants) =>
        _callers.Become(new Caller { Kind = CallerKind.Person, Id = "u-1", DisplayName = "Asha", Via = "console", Grants = grants });
}
