using Gateway.Policies;

namespace Gateway.Backends;

/// <summary>Whether an instance is left out because of its errors, and until when. Written by <see cref="OutlierEjection"/> alone.</summary>
internal sealed class InstanceHealth
{
    private const int MaxMultiple = 10;

    private long _ejectedUntil = long.MinValue;
    private int _errorsInRow;
    private int _ejections;

    /// <summary>True when its last answer was an error.</summary>
    public bool IsFailing => Volatile.Read(ref _errorsInRow) > 0;

    public bool IsEjected(TimeSpan now) => now.Ticks < Volatile.Read(ref _ejectedUntil);

    public void Succeeded() => Volatile.Write(ref _errorsInRow, 0);

    /// <summary>Counts an error; true when there are now too many in a row.</summary>
    public bool Failed(EjectionOptions options)
    {
        var errors = _errorsInRow + 1;
        Volatile.Write(ref _errorsInRow, errors);
        return errors >= options.ConsecutiveErrors;
    }

    public void Eject(EjectionOptions options, TimeSpan now)
    {
        // One that did well for as long as its longest ejection would be begins anew.
        var isLongAgo = _ejectedUntil != long.MinValue && now.Ticks - _ejectedUntil > (MaxMultiple * options.BaseTime).Ticks;
        _ejections = isLongAgo ? 1 : Math.Min(_ejections + 1, MaxMultiple);
        Volatile.Write(ref _ejectedUntil, (now + (_ejections * options.BaseTime)).Ticks);
        Succeeded();
    }
}
