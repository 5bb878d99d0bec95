namespace LocalCluster.Workloads;

/// <summary>Runs parts that make no sense without each other.</summary>
internal static class Together
{
    /// <summary>Waits for all parts. A defect in one of them shows at once, not when the others have ended too, which they never do.</summary>
    public static async Task RunAsync(IEnumerable<Task> parts, CancellationToken stopping)
    {
        await foreach (var ended in Task.WhenEach(parts))
        {
            try
            {
                await ended;
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                // Asked to; the others may still have something to finish.
            }
        }
    }
}
