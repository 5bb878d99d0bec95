namespace Gateway.Identity;

/// <summary>How long a value from elsewhere is used.</summary>
/// <param name="Fresh">How long without asking again.</param>
/// <param name="Pause">Shortest time between two tries, however many requests want a newer one.</param>
/// <param name="Patience">How long one try may take.</param>
internal sealed record KeptTimes(TimeSpan Fresh, TimeSpan Pause, TimeSpan Patience);

/// <summary>
/// A value that is read from elsewhere when a request needs it, and kept. Reading happens once at a time, for all who wait, and outlives them. When it
/// fails the last good value goes on, as long as the process lives: an issuer that is away must not lock everybody out.
/// </summary>
/// <param name="read">Reads it; what it throws is told as the problem, and must name no secret.</param>
/// <param name="times">How long it is used.</param>
/// <param name="told">Told after each try: null when it went well, else why not.</param>
/// <param name="time">Clock.</param>
internal sealed class KeptValue<T>(Func<CancellationToken, Task<T>> read, KeptTimes times, Action<string?> told, TimeProvider time)
    where T : class
{
    private readonly Lock _gate = new();
    private T? _value;
    private long? _readAt;
    private long? _triedAt;
    private Task? _reading;

    /// <summary>The value; null while none could ever be read.</summary>
    /// <param name="isOutdated">The one that is kept will not do, as when a key is not among those known: waits for a newer one, if it is time for a try.</param>
    /// <param name="cancellationToken">Ends the wait, and not the reading.</param>
    public async ValueTask<T?> GetAsync(bool isOutdated, CancellationToken cancellationToken)
    {
        Task? reading;
        lock (_gate)
        {
            var isFresh = _readAt is { } at && time.GetElapsedTime(at) < times.Fresh;
            if (_reading is null && (!isFresh || isOutdated) && (_triedAt is not { } tried || time.GetElapsedTime(tried) >= times.Pause))
            {
                _triedAt = time.GetTimestamp();
                _reading = ReadAsync();
            }

            reading = _reading;
            if (_value is not null && (!isOutdated || reading is null))
            {
                return _value;
            }
        }

        if (reading is not null)
        {
            await reading.WaitAsync(cancellationToken);
        }

        lock (_gate)
        {
            return _value;
        }
    }

    private async Task ReadAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding); // not under the lock
        string? problem = null;
        T? value = null;
        using var patience = new CancellationTokenSource(times.Patience, time);
        try
        {
            value = await read(patience.Token);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or FormatException or ControlPlane.Kubernetes.Client.KubeApiException)
        {
            problem = e is OperationCanceledException ? "no answer in time" : e.Message;
        }

        lock (_gate)
        {
            (_value, _readAt, _reading) = (value ?? _value, value is null ? _readAt : time.GetTimestamp(), null);
        }

        told(problem);
    }
}
