namespace ControlPlane.Kubernetes.Events;

/// <summary>
/// How many different events one object may have, to the bound of client-go's spam filter: 25 at once, then one every five minutes. An object
/// that flaps with another note each time must not fill the API's store. Not for many threads.
/// </summary>
internal sealed class EventBudget
{
    private const int Burst = 25;

    private static readonly TimeSpan Refill = TimeSpan.FromMinutes(5);

    /// <summary>When each object will have its whole budget again; one that is not here has it.</summary>
    private readonly Dictionary<EventSubject, DateTimeOffset> _wholeAt = [];

    /// <summary>Spends one event on an object.</summary>
    /// <returns>False when its budget is spent.</returns>
    public bool TrySpend(EventSubject subject, DateTimeOffset now)
    {
        var wholeAt = _wholeAt.TryGetValue(subject, out var known) && known > now ? known : now;
        if (wholeAt - now > (Burst - 1) * Refill)
        {
            return false;
        }

        _wholeAt[subject] = wholeAt + Refill;
        return true;
    }

    /// <summary>Forgets the objects that have their whole budget again.</summary>
    public void Forget(DateTimeOffset now)
    {
        foreach (var (subject, wholeAt) in _wholeAt)
        {
            if (wholeAt <= now)
            {
                _wholeAt.Remove(subject);
            }
        }
    }
}
