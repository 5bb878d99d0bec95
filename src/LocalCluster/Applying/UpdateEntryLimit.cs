namespace LocalCluster.Applying;

/// <summary>Keeps the list of updaters short: the oldest are merged into one.</summary>
internal static class UpdateEntryLimit
{
    private const int MaxUpdaters = 10;
    private const string Ancient = "ancient-changes";

    /// <summary>Merges the oldest updaters of each version while there are too many.</summary>
    public static void Enforce(ManagedFields managed)
    {
        var updaters = managed.Owners.Where(o => !o.Key.IsApply)
            .OrderBy(o => o.Value.Time, StringComparer.Ordinal).ThenBy(o => o.Key.ToString(), StringComparer.Ordinal).ToList();
        var firsts = new Dictionary<string, FieldWriter>();
        var count = updaters.Count;
        foreach (var (writer, owned) in updaters)
        {
            if (count <= MaxUpdaters)
            {
                return;
            }

            if (!firsts.TryGetValue(owned.ApiVersion, out var first))
            {
                firsts[owned.ApiVersion] = writer;
                continue;
            }

            var bucket = FieldWriter.Updater(Ancient, owned.ApiVersion, "");
            var merged = (managed[bucket] ?? managed[first])!;
            managed[first] = null;
            managed[writer] = null;
            managed[bucket] = owned with { Fields = owned.Fields.Union(merged.Fields) };
            firsts[owned.ApiVersion] = bucket;
            count--;
        }
    }
}
