using System.Globalization;
using Compliance.Audit;
using Compliance.Audit.Notes;
using Compliance.Audit.Sequencing;
using ControlPlane.Api.Audit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

// Appends to the log in a directory, or in the PostgreSQL database that a second argument names, from several callers at once until it is killed, and
// prints each acknowledged event: index, id, leaf. A third argument is how many milliseconds a caller waits between two requests.
var services = new ServiceCollection();
services.AddLogging();
services.AddSingleton(TimeProvider.System);
services.AddSingleton<ICheckpointSigner>(new AuditWriter.KeySigner(NoteKeyFile.ReadOrCreate(Path.Combine(args[0], "audit.key"), "test.dabbawala/killed")));
services.AddAuditLog(new AuditStoreOptions { DataDirectory = args[0], PostgresConnection = args.ElementAtOrDefault(1) }, new AuditLogOptions { Origin = "test.dabbawala/killed", CheckpointEvery = TimeSpan.FromMilliseconds(50) });
await using var provider = services.BuildServiceProvider();
await ((IHostedLifecycleService)provider.GetRequiredService<AuditLogHost>()).StartingAsync(CancellationToken.None);
var log = provider.GetRequiredService<AuditSequencer>();
var pause = TimeSpan.FromMilliseconds(int.Parse(args.ElementAtOrDefault(2) ?? "0", CultureInfo.InvariantCulture));
var output = TextWriter.Synchronized(new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true });
await Task.WhenAll(Enumerable.Range(0, 8).Select(AppendForeverAsync));
return;

async Task AppendForeverAsync(int caller)
{
    for (var i = 0; ; i++)
    {
        var receipts = await log.AppendAsync([.. Enumerable.Range(0, 1 + (i % 40)).Select(n => Event(caller, n))], CancellationToken.None);
        await output.WriteLineAsync(string.Join('\n', receipts.Select(static r => string.Create(CultureInfo.InvariantCulture, $"{r.Index} {r.EventId} {r.Leaf}"))));
        await Task.Delay(pause);
    }
}

static AuditEvent Event(int caller, int n) => new()
{
    Id = Guid.CreateVersion7(),
    Source = "audit-writer",
    OccurredAt = TimeProvider.System.GetUtcNow(),
    Actor = new AuditActor(AuditActorKind.System, string.Create(CultureInfo.InvariantCulture, $"caller-{caller}"), "system"),
    Action = "test.write",
    Object = new AuditObject("Thing", "tests", string.Create(CultureInfo.InvariantCulture, $"thing-{n}")),
};
