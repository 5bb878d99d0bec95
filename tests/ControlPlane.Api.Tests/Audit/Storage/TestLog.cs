using Compliance.Audit;
using Compliance.Audit.Notes;
using Compliance.Audit.Personal;
using Compliance.Audit.SelfChecking;
using Compliance.Audit.Sequencing;
using Microsoft.Extensions.Time.Testing;

namespace ControlPlane.Api.Tests.Audit.Storage;

/// <summary>A log over a store, with a clock, a signer and an alarm of its own.</summary>
internal sealed class TestLog : IAsyncDisposable
{
    public static readonly AuditActor Actor = new(AuditActorKind.Person, "u-1", "rest");

    /// <summary>Signs the checkpoints of all logs of the tests.</summary>
    public static readonly NoteSigner Key = NoteSigner.Generate("test.dabbawala/log");

    public TestLog(IAuditStore store, IPersonalKeeper? keeper = null, AuditLogOptions? options = null, FakeTimeProvider? time = null)
    {
        Store = store;
        Time = time ?? new FakeTimeProvider(new DateTimeOffset(2026, 11, 27, 12, 0, 0, TimeSpan.Zero));
        Sequencer = new AuditSequencer(store, options ?? new AuditLogOptions { Origin = "test.dabbawala/log" }, Time, Alarms, Signer, keeper ?? new NoPersonalData());
        Reader = new AuditLogReader(store, Sequencer);
    }

    public IAuditStore Store { get; }

    public FakeTimeProvider Time { get; }

    public AuditSequencer Sequencer { get; }

    public AuditLogReader Reader { get; }

    public FakeAlarm Alarms { get; } = new();

    public FakeSigner Signer { get; } = new();

    public static async Task<TestLog> OpenAsync(IAuditStore store, IPersonalKeeper? keeper = null, AuditLogOptions? options = null, FakeTimeProvider? time = null)
    {
        var log = new TestLog(store, keeper, options, time);
        await log.Sequencer.StartAsync(TestContext.Current.CancellationToken);
        return log;
    }

    public AuditEvent Event(string action = "manifests.apply", string name = "checkout") => new()
    {
        Id = Guid.CreateVersion7(Time.GetUtcNow()),
        Source = "console",
        OccurredAt = Time.GetUtcNow(),
        Actor = Actor,
        Action = action,
        Object = new AuditObject("ManagedService", "payments", name),
    };

    public Task<IReadOnlyList<AuditReceipt>> AppendAsync(params AuditEvent[] events) => Sequencer.AppendAsync(events, TestContext.Current.CancellationToken);

    public async Task FillAsync(int entries)
    {
        for (var left = entries; left > 0; left -= 1000)
        {
            await AppendAsync([.. Enumerable.Range(0, Math.Min(left, 1000)).Select(i => Event(name: $"service-{i}"))]);
        }
    }

    public async Task<IReadOnlyList<AuditEntry>> SearchAsync(AuditQuery query, long? before = null, int limit = 50) =>
        await Reader.SearchAsync(query, before, limit, TestContext.Current.CancellationToken);

    public Task<SelfCheckReport> CheckAsync() =>
        new SelfCheck(Store, static _ => Task.CompletedTask).RunAsync(Sequencer.Position, 0, Time.GetUtcNow(), TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => Sequencer.DisposeAsync();

    public sealed class FakeSigner : ICheckpointSigner
    {
        public Exception? Refuses { get; set; }

        public string Sign(long size, TreeHash root, DateTimeOffset at) =>
            Refuses is null ? new Checkpoint(Key.Verifier.Name, size, root).Sign(Key).ToString() : throw Refuses;
    }

    public sealed class FakeAlarm : IAuditAlarm
    {
        private readonly Lock _lock = new();
        private readonly List<(AuditAlarmKind Kind, string Message)> _raised = [];

        public IReadOnlyList<(AuditAlarmKind Kind, string Message)> Raised
        {
            get
            {
                lock (_lock)
                {
                    return [.. _raised];
                }
            }
        }

        public void Raise(AuditAlarmKind kind, string message)
        {
            lock (_lock)
            {
                _raised.Add((kind, message));
            }
        }
    }

    private sealed class NoPersonalData : IPersonalKeeper
    {
        public Task KeepAsync(IReadOnlyList<PersonalCommitment> data, CancellationToken cancellationToken) => throw new InvalidOperationException("no test keeps personal data here");
    }
}
