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

    public TestLog(IAuditStore store, IPersonalKeeper? keeper = null, AuditLogOptions? options = null, FakeTimeProvider? time = null, FakeSigner? signer = null)
    {
        Store = store;
        Signer = signer ?? new FakeSigner();
        Time = time ?? new FakeTimeProvider(new DateTimeOffset(2026, 11, 27, 12, 0, 0, TimeSpan.Zero));
        Sequencer = new AuditSequencer(store, options ?? new AuditLogOptions { Origin = "test.dabbawala/log" }, Time, Alarms, Signer, keeper ?? new NoPersonalData());
        Reader = new AuditLogReader(store, Sequencer);
    }

    public IAuditStore Store { get; }

    public FakeTimeProvider Time { get; }

    public AuditSequencer Sequencer { get; }

    public AuditLogReader Reader { get; }

    public FakeAlarm Alarms { get; } = new();

    public FakeSigner Signer { get; }

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

    /// <summary>Waits until the log has done what waits in its queue by now.</summary>
    public async Task SettledAsync() =>
        await Record.ExceptionAsync(() => Sequencer.PruneAsync(-1, -1, TestContext.Current.CancellationToken)); // the store refuses; it is its turn in the queue that counts

    /// <summary>Waits until the news of other processes have come; a minute at most.</summary>
    public async Task UntilSizeAsync(long size)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(1));
        while (Reader.Size < size)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), limit.Token);
        }
    }

    public async Task<IReadOnlyList<AuditEntry>> SearchAsync(AuditQuery query, long? before = null, int limit = 50) =>
        await Reader.SearchAsync(query, before, limit, TestContext.Current.CancellationToken);

    public Task<SelfCheckReport> CheckAsync() =>
        new SelfCheck(Store, static _ => Task.CompletedTask).RunAsync(Sequencer.Position, 0, Time.GetUtcNow(), TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => Sequencer.DisposeAsync();

    public sealed class FakeSigner : ICheckpointSigner
    {
        private readonly string? _key;

        /// <summary>Under which the log goes; that of <see cref="TestLog.Key"/> unless a test says another.</summary>
        public string Key
        {
            get => _key ?? TestLog.Key.Verifier.ToString();
            init => _key = value;
        }

        public Exception? Refuses { get; set; }

        /// <summary>How often it signed.</summary>
        public int Signed { get; private set; }

        public string Sign(long size, TreeHash root, DateTimeOffset at)
        {
            Signed++;
            return Refuses is null ? new Checkpoint(TestLog.Key.Verifier.Name, size, root).Sign(TestLog.Key).ToString() : throw Refuses;
        }
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
        public Task OpenAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task KeepAsync(IReadOnlyList<PersonalCommitment> data, CancellationToken cancellationToken) => throw new InvalidOperationException("no test keeps personal data here");
    }
}
