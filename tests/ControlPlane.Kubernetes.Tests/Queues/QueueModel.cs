using ControlPlane.Kubernetes.Queues;

namespace ControlPlane.Kubernetes.Tests.Queues;

/// <summary>What a <see cref="WorkQueue{TKey}"/> must do, said as plainly as possible; in which order keys of one priority come is left open.</summary>
internal sealed class QueueModel
{
    private readonly Dictionary<int, WorkPriority> _waiting = [];
    private readonly Dictionary<int, WorkPriority> _addedMeanwhile = [];
    private readonly Dictionary<int, (int Due, WorkPriority Priority)> _delayed = [];
    private readonly Dictionary<int, int> _failures = [];
    private int _now;
    private int _picks;

    public HashSet<int> Processing { get; } = [];

    public int Count => _waiting.Count;

    public void Add(int key, WorkPriority priority)
    {
        var list = Processing.Contains(key) ? _addedMeanwhile : _waiting;
        list[key] = Higher(priority, list.GetValueOrDefault(key, WorkPriority.Background));
    }

    public void AddAfter(int key, int delay, WorkPriority priority)
    {
        if (delay == 0)
        {
            Add(key, priority);
            return;
        }

        var known = _delayed.GetValueOrDefault(key, (Due: int.MaxValue, Priority: WorkPriority.Background));
        _delayed[key] = (Math.Min(known.Due, _now + delay), Higher(priority, known.Priority));
    }

    public void AddRateLimited(int key)
    {
        var failures = _failures[key] = _failures.GetValueOrDefault(key) + 1;
        AddAfter(key, 5 << (failures - 1), WorkPriority.Live);
    }

    public void Forget(int key) => _failures.Remove(key);

    public void Take(int key)
    {
        var wanted = ++_picks % 8 == 0 ? WorkPriority.Background : WorkPriority.Live;
        var candidates = _waiting.ContainsValue(wanted) ? _waiting.Where(item => item.Value == wanted) : _waiting;
        Assert.Contains(key, candidates.Select(item => item.Key));
        _waiting.Remove(key);
        Assert.True(Processing.Add(key), $"{key} is processed twice at once");
    }

    public void Done(int key)
    {
        Processing.Remove(key);
        if (_addedMeanwhile.Remove(key, out var priority))
        {
            Add(key, priority);
        }
    }

    public void Advance(int time)
    {
        _now += time;
        foreach (var (key, delayed) in _delayed.Where(item => item.Value.Due <= _now).ToList())
        {
            _delayed.Remove(key);
            Add(key, delayed.Priority);
        }
    }

    private static WorkPriority Higher(WorkPriority one, WorkPriority other) => one < other ? one : other;
}
