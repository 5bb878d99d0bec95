namespace Operators.Discovery;

/// <summary>
/// Tells whether the health of an instance changes too often: five or more changes within ten minutes make it flapping, and it stays so until
/// no more than two are left in the window. The two thresholds keep the verdict itself from flapping, as in Nagios' flap detection.
/// </summary>
public sealed class FlapDetector
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(10);
    private const int Start = 5;
    private const int Stop = 2;

    private readonly Queue<DateTimeOffset> _changes = new();
    private bool? _healthy;
    private bool _flapping;

    /// <summary>Takes in what is seen now.</summary>
    public void Observe(bool healthy, DateTimeOffset now)
    {
        if (_healthy is { } before && before != healthy)
        {
            _changes.Enqueue(now);
        }

        _healthy = healthy;
    }

    /// <summary>The verdict at this time.</summary>
    public bool IsFlapping(DateTimeOffset now)
    {
        while (_changes.TryPeek(out var oldest) && now - oldest > Window)
        {
            _changes.Dequeue();
        }

        _flapping = _flapping ? _changes.Count > Stop : _changes.Count >= Start;
        return _flapping;
    }
}
