using ControlPlane.Api.Incidents;
using ControlPlane.Api.Tests.Rollouts;
using ControlPlane.Api.Tests.Testing;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Rollouts;
using Microsoft.Extensions.Time.Testing;

namespace ControlPlane.Api.Tests.Incidents;

public sealed class IncidentHoldsTests : IDisposable
{
    private readonly TestStore _store = new();
    private readonly FakeTimeProvider _time = new(Rollout.Now);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private IncidentBook Book => field ??= new(_store, _time);

    public void Dispose() => _store.Dispose();

    [Theory]
    [InlineData(IncidentSeverity.P0, "shop/order", "INC-1 of P0 is open on order")]
    [InlineData(IncidentSeverity.P1, "shop/order", "INC-1 of P1 is open on order")]
    [InlineData(IncidentSeverity.P2, "shop/order", null)]
    [InlineData(IncidentSeverity.P0, "shop/payment", "INC-1 of P0 is open on shop/payment, on which order depends")]
    [InlineData(IncidentSeverity.P0, "bank/ledger", "INC-1 of P0 is open on bank/ledger, on which order depends")]
    [InlineData(IncidentSeverity.P0, "shop/ledger", null)]
    [InlineData(IncidentSeverity.P0, "shop/cart", null)]
    public async Task An_open_incident_of_the_first_two_severities_holds_its_services_and_who_depends_on_them(IncidentSeverity severity, string service, string? message)
    {
        await DeclareAsync(severity, service);
        Assert.Equal(message, (await FindAsync()).SingleOrDefault()?.Message);
    }

    [Fact]
    public async Task One_incident_holds_once_and_no_longer_than_it_is_open()
    {
        var incident = await DeclareAsync(IncidentSeverity.P0, "shop/payment", "shop/order");
        Assert.Equal((RolloutHoldTypes.Incident, "INC-1 of P0 is open on order"), (await FindAsync()) is [var hold] ? (hold.Type, hold.Message) : default);

        await Book.AddAsync(incident.Number, Note(IncidentNoteType.Resolved), Cancel);
        Assert.Empty(await FindAsync());
    }

    [Fact]
    public async Task What_another_replica_took_is_known_within_five_seconds()
    {
        Assert.Empty(await FindAsync());
        await DeclareAsync(new IncidentBook(_store, _time), IncidentSeverity.P0, "shop/order");

        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Single(await FindAsync());
    }

    [Fact]
    public async Task A_store_that_is_away_leaves_what_was_known()
    {
        _time.Advance(TimeSpan.FromMinutes(1));
        await using (var context = _store.CreateDbContext())
        {
            await context.Database.EnsureDeletedAsync(Cancel);
        }

        RolloutHold known = new() { Type = RolloutHoldTypes.Incident, Message = "INC-1" };
        Assert.Equal([known], await FindAsync(known, new() { Type = RolloutHoldTypes.Freeze, Message = "the sale" }));
    }

    private ValueTask<IReadOnlyList<RolloutHold>> FindAsync(params RolloutHold[] known) => new IncidentHolds(Book).FindAsync(
        Rollout.OnItsWay().With(status => status with { Holds = known }),
        [
            new ManagedService
            {
                Metadata = new() { Name = "order", Namespace = "shop" },
                Spec = new() { DependsOn = [new() { Name = "payment" }, new() { Name = "ledger", Namespace = "bank" }] },
            },
        ],
        Cancel);

    private Task<Incident> DeclareAsync(IncidentSeverity severity, params string[] services) => DeclareAsync(Book, severity, services);

    private Task<Incident> DeclareAsync(IncidentBook book, IncidentSeverity severity, params string[] services) =>
        book.AddAsync(new Incident { Severity = severity, Title = "it burns", Services = services, DeclaredAt = _time.GetUtcNow(), DeclaredBy = "u_1" }, Note(IncidentNoteType.Declared), Cancel);

    private IncidentNote Note(IncidentNoteType type) => new() { Id = Guid.CreateVersion7(), Type = type, At = _time.GetUtcNow(), By = "u_1", Text = "as it is" };
}
