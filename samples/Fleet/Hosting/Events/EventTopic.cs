using System.Runtime.CompilerServices;

namespace Fleet.Hosting.Events;

/// <summary>
/// The latest events of a topic, in the order of their publishing, and how far each group of subscribers has read. A group is a service: one
/// of its instances reads at a time, as of a topic with one partition, and another takes over where it stopped. An event counts as read when
/// its reader asks for the next one: one that fails or ends half-way leaves it to be read again (at least once). Publishing never waits; a group
/// that falls behind by more than <see cref="Retained"/> events misses the oldest, and is told how many.
/// </summary>
internal sealed class EventTopic
{
    /// <summary>Events that a topic keeps.</summary>
    public const int Retained = 10_000;

    private readonly Lock _gate = new();
    private readonly Queue<FleetEvent> _events = new();
    private readonly Dictionary<string, Group> _groups = [];
    private TaskCompletionSource _published = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _next;

    /// <summary>Adds an event at the end, with its offset.</summary>
    public void Publish(FleetEvent published)
    {
        TaskCompletionSource waiting;
        lock (_gate)
        {
            if (_events.Count == Retained)
            {
                _events.Dequeue();
            }

            _events.Enqueue(published with { Offset = _next++ });
            (waiting, _published) = (_published, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        waiting.SetResult();
    }

    /// <summary>Events that a group has not read yet.</summary>
    public long Lag(string group)
    {
        lock (_gate)
        {
            return _next - (_groups.TryGetValue(group, out var reader) ? Math.Max(reader.Offset, First) : First);
        }
    }

    /// <summary>Reads on for a group, once no other instance of it reads, until cancelled.</summary>
    /// <param name="group">The group.</param>
    /// <param name="missed">Told how many events were gone before the group came to them.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async IAsyncEnumerable<FleetEvent> ReadAsync(string group, Action<long> missed, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = Join(group);
        await reader.Turn.WaitAsync(cancellationToken);
        try
        {
            while (true)
            {
                var (next, published, gone) = Look(reader);
                if (gone > 0)
                {
                    missed(gone);
                }

                if (next is null)
                {
                    await published.WaitAsync(cancellationToken);
                    continue;
                }

                yield return next;
                lock (_gate)
                {
                    reader.Offset = next.Offset + 1;
                }
            }
        }
        finally
        {
            reader.Turn.Release();
        }
    }

    private long First => _next - _events.Count;

    private Group Join(string group)
    {
        lock (_gate)
        {
            return _groups.TryGetValue(group, out var known) ? known : _groups[group] = new Group();
        }
    }

    private (FleetEvent? Next, Task Published, long Gone) Look(Group reader)
    {
        lock (_gate)
        {
            var gone = Math.Max(0, First - reader.Offset);
            reader.Offset += gone;
            return (reader.Offset == _next ? null : _events.ElementAt((int)(reader.Offset - First)), _published.Task, gone);
        }
    }

    private sealed class Group
    {
        public SemaphoreSlim Turn { get; } = new(1);

        public long Offset { get; set; }
    }
}
