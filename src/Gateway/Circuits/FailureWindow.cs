namespace Gateway.Circuits;

/// <summary>Requests and errors of the last window, in ten slices. A pure algorithm: time is an argument.</summary>
internal sealed class FailureWindow(TimeSpan window)
{
    private const int Slices = 10;

    private readonly (int Requests, int Errors)[] _slices = new (int, int)[Slices];
    private readonly long _sliceTicks = Math.Max(window.Ticks / Slices, 1);
    private long _head = long.MinValue;

    public int Requests => _slices.Sum(slice => slice.Requests);

    public int Errors => _slices.Sum(slice => slice.Errors);

    public void Add(bool isError, TimeSpan now)
    {
        Advance(now);
        ref var slice = ref _slices[_head % Slices];
        slice = (slice.Requests + 1, slice.Errors + (isError ? 1 : 0));
    }

    private void Advance(TimeSpan now)
    {
        var head = now.Ticks / _sliceTicks;
        if (_head == long.MinValue || head - _head >= Slices)
        {
            Array.Clear(_slices);
            _head = head;
        }

        while (_head < head)
        {
            _slices[++_head % Slices] = default;
        }
    }
}
