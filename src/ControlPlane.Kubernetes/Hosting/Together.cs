namespace ControlPlane.Kubernetes.Hosting;

/// <summary>Loops that are meant to run until they are cancelled, and that are worth nothing without each other.</summary>
public static class Together
{
    /// <summary>
    /// Runs them all. When one ends, by a failure that nobody foresaw, the others are cancelled and the failure surfaces at once: a process that
    /// goes on with a loop missing looks healthy and is not.
    /// </summary>
    /// <param name="loops">The loops, each of which runs until its token is cancelled.</param>
    /// <param name="cancellationToken">Ends them all.</param>
    public static async Task RunAsync(IEnumerable<Func<CancellationToken, Task>> loops, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(loops);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = loops.Select(loop => loop(stop.Token)).ToList();
        if (running.Count == 0)
        {
            return;
        }

        await Task.WhenAny(running);
        await stop.CancelAsync();
        await Task.WhenAll(running);
    }
}
