using System.Runtime.CompilerServices;

namespace ControlPlane.Api.Live;

/// <summary>
/// Tells any number of readers which keys changed. A reader that is slow, or that asks for a pause between batches, gets each key once however
/// often it changed: memory is bounded by the number of keys, and nobody ever waits for a reader.
/// </summary>
public sealed class ChangeFeed<TKey>
    where TKey : notnull
{
    private readonly Lock _gate = new();
    private readonly HashSet<Reader> _readers = [];

    /// <summary>Tells every reader that a key changed.</summary>
    public void Publish(TKey key)
    {
        lock (_gate)
        {
            foreach (var reader in _readers)
            {
                reader.Add(key);
            }
        }
    }

    /// <summary>
    /// Reads batches of changed keys until cancelled. Subscribed from the moment the enumeration starts: look at the state after that, and
    /// nothing is missed.
    /// </summary>
    /// <param name="pause">Shortest time between two batches.</param>
    /// <param name="time">Clock of the pause.</param>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    public async IAsyncEnumerable<IReadOnlySet<TKey>> ReadAsync(
        TimeSpan pause, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(time);
        var reader = new Reader();
        lock (_gate)
        {
            _readers.Add(reader);
        }

        try
        {
            yield return new HashSet<TKey>(); // subscribed
            while (true)
            {
                await reader.Ready.WaitAsync(cancellationToken);
                HashSet<TKey> batch;
                lock (_gate)
                {
                    batch = reader.Take();
                }

                yield return batch;
                await Task.Delay(pause, time, cancellationToken);
            }
        }
        finally
        {
            lock (_gate)
            {
                _readers.Remove(reader);
            }
        }
    }

    private sealed class Reader
    {
        private HashSet<TKey> _keys = [];

        public SemaphoreSlim Ready { get; } = new(0, 1);

        public void Add(TKey key)
        {
            if (_keys.Count == 0)
            {
                Ready.Release();
            }

            _keys.Add(key);
        }

        public HashSet<TKey> Take()
        {
            var taken = _keys;
            _keys = [];
            return taken;
        }
    }
}
