using Gateway.Policies;

namespace Gateway.Circuits;

/// <summary>
/// Ceiling of the requests that are under way to a service. Those above it wait for their turn, in the order in which they came; those above
/// the ceiling of waiting ones are refused at once.
/// </summary>
internal sealed class RequestPool(PoolOptions options)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<TaskCompletionSource> _pending = [];
    private int _active;

    public int Active
    {
        get
        {
            lock (_gate)
            {
                return _active;
            }
        }
    }

    public int Pending
    {
        get
        {
            lock (_gate)
            {
                return _pending.Count;
            }
        }
    }

    /// <summary>Takes a place, when it is this request's turn. False when too many wait already; true must be followed by <see cref="Leave"/>.</summary>
    /// <exception cref="OperationCanceledException">The request was called off while it waited.</exception>
    public async ValueTask<bool> EnterAsync(CancellationToken cancellationToken)
    {
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        LinkedListNode<TaskCompletionSource> place;
        lock (_gate)
        {
            if (options.MaxRequests is not { } most || _active < most)
            {
                _active++;
                return true;
            }

            if (options.MaxPending is { } waiting && _pending.Count >= waiting)
            {
                return false;
            }

            place = _pending.AddLast(turn);
        }

        try
        {
            await turn.Task.WaitAsync(cancellationToken);
            return true;
        }
        catch (OperationCanceledException)
        {
            GiveUp(place);
            throw;
        }
    }

    /// <summary>Gives the place to who waits the longest.</summary>
    public void Leave()
    {
        lock (_gate)
        {
            if (_pending.First is { } next)
            {
                _pending.Remove(next);
                next.Value.SetResult(); // the place is handed on: the number under way stays
            }
            else
            {
                _active--;
            }
        }
    }

    private void GiveUp(LinkedListNode<TaskCompletionSource> place)
    {
        bool hadTurn;
        lock (_gate)
        {
            hadTurn = place.List is null;
            if (!hadTurn)
            {
                _pending.Remove(place);
            }
        }

        if (hadTurn)
        {
            Leave(); // its turn came at the very moment that it was called off
        }
    }
}
