namespace Compliance.Audit.Sequencing;

/// <summary>Bytes that may wait at once; who asks for more waits in line.</summary>
internal sealed class ByteBudget(long capacity)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<Waiter> _line = [];
    private long _free = capacity;

    public async Task TakeAsync(int bytes, TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
    {
        LinkedListNode<Waiter> place;
        lock (_lock)
        {
            if (_line.Count == 0 && _free >= bytes)
            {
                _free -= bytes;
                return;
            }

            place = _line.AddLast(new Waiter(bytes));
        }

        try
        {
            await place.Value.Turn.Task.WaitAsync(patience, time, cancellationToken);
        }
        catch (Exception) when (LeaveLine(place)) // its turn may have come in the same moment: then it has it
        {
            throw;
        }
    }

    public void GiveBack(int bytes)
    {
        lock (_lock)
        {
            _free += bytes;
            Serve();
        }
    }

    private bool LeaveLine(LinkedListNode<Waiter> place)
    {
        lock (_lock)
        {
            if (place.List is null)
            {
                return false;
            }

            _line.Remove(place);
            Serve(); // those behind may be content with less
            return true;
        }
    }

    private void Serve()
    {
        while (_line.First is { } first && _free >= first.Value.Bytes)
        {
            _free -= first.Value.Bytes;
            _line.RemoveFirst();
            first.Value.Turn.TrySetResult();
        }
    }

    private sealed class Waiter(int bytes)
    {
        public int Bytes { get; } = bytes;

        public TaskCompletionSource Turn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
