using System.Text;

namespace Compliance.Audit.Testing;

/// <summary>
/// A log in memory: takes events in order, knows duplicates, and can be away. For tests of whatever appends; linked into their projects
/// (<c>Compile Include="..\Compliance.Tests\Testing\InMemoryAuditLog.cs"</c>).
/// </summary>
internal sealed class InMemoryAuditLog : IAuditLog
{
    /// <summary>For what is on its way; a test that waits longer has failed.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly List<AuditEvent> _events = [];
    private readonly List<(Func<AuditEvent, bool> Wanted, TaskCompletionSource<AuditEvent> Found)> _awaited = [];

    /// <summary>Why it takes nothing; null while it does.</summary>
    public string? Away { get; set; }

    /// <summary>What is wrong with an event; null for any that will do.</summary>
    public Func<AuditEvent, (string Field, string Message)?> Objection { get; set; } = static _ => null;

    /// <summary>Called before events are taken, for tests that must do something just then.</summary>
    public Action<IReadOnlyList<AuditEvent>> Taking { get; set; } = static _ => { };

    /// <summary>All events taken, in order.</summary>
    public IReadOnlyList<AuditEvent> Events
    {
        get
        {
            lock (_gate)
            {
                return [.. _events];
            }
        }
    }

    public Task<IReadOnlyList<AuditReceipt>> AppendAsync(IReadOnlyList<AuditEvent> events, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Taking(events);
        if (Away is { } why)
        {
            throw new AuditUnavailableException(why);
        }

        for (var i = 0; i < events.Count; i++)
        {
            if (Objection(events[i]) is { } objection)
            {
                throw new AuditEventException(i, objection.Field, objection.Message);
            }
        }

        lock (_gate)
        {
            return Task.FromResult<IReadOnlyList<AuditReceipt>>([.. events.Select(Take)]);
        }
    }

    /// <summary>The first event that is wanted, now or once it comes.</summary>
    /// <exception cref="TimeoutException">It does not come.</exception>
    public Task<AuditEvent> UntilAsync(Func<AuditEvent, bool> wanted)
    {
        lock (_gate)
        {
            if (_events.Find(item => wanted(item)) is { } there)
            {
                return Task.FromResult(there);
            }

            var found = new TaskCompletionSource<AuditEvent>(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited.Add((wanted, found));
            return found.Task.WaitAsync(Patience);
        }
    }

    private AuditReceipt Take(AuditEvent item)
    {
        var index = _events.FindIndex(known => known.Id == item.Id);
        var isDuplicate = index >= 0;
        if (!isDuplicate)
        {
            index = _events.Count;
            _events.Add(item);
            foreach (var waiting in _awaited.Where(waiting => waiting.Wanted(item)).ToList())
            {
                waiting.Found.TrySetResult(item);
                _awaited.Remove(waiting);
            }
        }

        return new(item.Id, index, TreeHash.OfLeaf(Encoding.UTF8.GetBytes(item.Id.ToString())), isDuplicate);
    }
}
