using Compliance.Audit;
using Compliance.Audit.Testing;
using Compliance.Retention;

namespace Compliance.Tests.Retention;

public sealed class LegalHoldTests
{
    [Fact]
    public async Task A_hold_keeps_what_it_was_placed_for_after_it_was_in_the_log()
    {
        var scope = new AuditQuery
        {
            From = new DateTimeOffset(2026, 4, 1, 0, 0, 0, TimeSpan.Zero),
            To = new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero),
            Actor = "u-7",
            Action = "manifests.*",
            ObjectKind = "ManagedService",
            Namespaces = ["payments", "shop"],
            ObjectName = "order",
            Framework = "GST",
            Source = "console",
            CorrelationId = "c-1",
        };
        var log = new MemoryLog();
        await log.AppendAsync(
            [LegalHold.Place("hold_1", "case 7", scope, "a court asked for it", new AuditActor(AuditActorKind.Person, "u-1", "rest"), null, TimeProvider.System.GetUtcNow())],
            TestContext.Current.CancellationToken);

        var hold = Assert.Single(LegalHold.Read(await log.ReadAsync(0, 1, TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken)));

        Assert.Equal(("hold_1", "case 7", "u-1", true), (hold.Id, hold.Reference, hold.PlacedBy, hold.Stands));
        Assert.Equivalent(scope, hold.Scope, strict: true);
    }
}
