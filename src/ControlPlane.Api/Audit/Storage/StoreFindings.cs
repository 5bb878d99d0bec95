namespace ControlPlane.Api.Audit.Storage;

/// <summary>Says what is wrong with a store; the same words for all of them.</summary>
internal static class StoreFindings
{
    /// <param name="beyond">An entry that is stored although the head does not count it, and the size by the head; null when there is none.</param>
    /// <param name="gone">Guards that are not there.</param>
    public static IReadOnlyList<string> Of((long Index, long Size)? beyond, IEnumerable<string> gone)
    {
        List<string> findings = [.. gone.Select(GuardGone)];
        if (beyond is var (index, size))
        {
            findings.Add($"the log has {size} entries by its head, but entry {index} is stored: somebody added some");
        }

        return findings;
    }

    /// <summary>Whoever has a guard back says so too: it was away for some time.</summary>
    public static string GuardGone(string guard) => $"the trigger {guard}, which keeps recorded rows as they are, was gone from the database";
}
