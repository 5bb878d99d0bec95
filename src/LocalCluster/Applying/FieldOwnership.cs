using System.Text.Json.Nodes;
using LocalCluster.Schemas;

namespace LocalCluster.Applying;

/// <summary>
/// The rules of ownership, as the structured-merge-diff library has them: a field belongs to whoever set its value last, an applier
/// shares it with those who apply the same value, and what an applier no longer applies and nobody else owns is removed.
/// </summary>
/// <param name="versions">The versions of the kind.</param>
/// <param name="apiVersion">Version of the request.</param>
/// <param name="ignored">Fields that the request can't change, whatever it says of them.</param>
internal sealed class FieldOwnership(IVersionViews versions, string apiVersion, FieldSet ignored)
{
    private SchemaNode Schema { get; } = versions.Schema(apiVersion)!;

    /// <summary>Takes note of a write that has been merged already.</summary>
    /// <param name="live">The object before it.</param>
    /// <param name="updated">The object after it.</param>
    /// <param name="managed">Ownership, which is changed.</param>
    /// <param name="writer">Who writes.</param>
    /// <returns>True when the writer set anything to another value.</returns>
    public bool Update(JsonObject live, JsonObject updated, ManagedFields managed, FieldWriter writer)
    {
        var comparison = TakeOver(live, updated, managed, writer, force: true, mine: false);
        var changed = comparison.Changed;
        if (!changed.IsEmpty)
        {
            var before = managed[writer];
            managed[writer] = new OwnedFields(before is null ? changed : before.Fields.Union(changed), apiVersion, before?.Time);
        }

        return !changed.IsEmpty;
    }

    /// <summary>Applies a configuration.</summary>
    /// <param name="live">The object before it.</param>
    /// <param name="config">What is applied.</param>
    /// <param name="managed">Ownership, which is changed.</param>
    /// <param name="writer">Who applies.</param>
    /// <param name="force">True to take fields from others.</param>
    /// <returns>The object after it.</returns>
    /// <exception cref="ApplyConflictException">Others own fields with other values.</exception>
    public JsonObject Apply(JsonObject live, JsonObject config, ManagedFields managed, FieldWriter writer, bool force)
    {
        var merged = Merging.Merge(live, config, Schema)!.AsObject();
        var last = managed[writer];
        managed[writer] = new OwnedFields(FieldSets.Of(config, Schema).ExceptTrees(ignored), apiVersion, last?.Time);
        var result = last is null ? merged : Prune(merged, managed, last);
        TakeOver(live, result, managed, writer, force, mine: true);
        return result;
    }

    /// <summary>Takes changed and removed fields from all but the writer.</summary>
    private Comparison TakeOver(JsonObject live, JsonObject updated, ManagedFields managed, FieldWriter writer, bool force, bool mine)
    {
        var comparisons = new Dictionary<string, Comparison>
        {
            [apiVersion] = Comparison.Of(live, updated, Schema).Without(ignored),
        };
        var conflicts = new Dictionary<FieldWriter, FieldSet>();
        foreach (var (owner, owned) in managed.Owners.ToList())
        {
            if (owner == writer && mine)
            {
                continue;
            }

            if (!comparisons.TryGetValue(owned.ApiVersion, out var comparison))
            {
                if (versions.Schema(owned.ApiVersion) is not { } schema)
                {
                    managed[owner] = null;
                    continue;
                }

                comparison = Comparison.Of(View(live, owned.ApiVersion), View(updated, owned.ApiVersion), schema).Without(ignored);
                comparisons[owned.ApiVersion] = comparison;
            }

            var lost = owned.Fields.Intersect(comparison.Changed);
            if (!lost.IsEmpty && owner != writer)
            {
                conflicts[owner] = lost;
            }

            managed[owner] = owned with { Fields = owned.Fields.Except(lost).Except(comparison.Removed) };
        }

        return conflicts.Count == 0 || force ? comparisons[apiVersion] : throw new ApplyConflictException(conflicts);
    }

    /// <summary>Removes what the writer applied last time, does not apply now, and nobody else owns.</summary>
    private JsonObject Prune(JsonObject merged, ManagedFields managed, OwnedFields last)
    {
        if (versions.Schema(last.ApiVersion) is not { } schema)
        {
            return merged;
        }

        var view = View(merged, last.ApiVersion);
        var lastFields = FieldSets.WithNamedFields(last.Fields, schema);
        var pruned = Removal.Remove(view, lastFields, schema)!.AsObject();
        foreach (var group in managed.Owners.Values.GroupBy(o => o.ApiVersion).OrderBy(g => g.Key == last.ApiVersion ? 0 : 1))
        {
            pruned = AddBackOwned(view, pruned, last.ApiVersion, group.Key, group.Aggregate(new FieldSet(), (all, o) => all.Union(o.Fields)));
        }

        // Only what the writer itself owned may go: not what stood below it and belongs to nobody.
        var whole = FieldSets.WithNamedFields(FieldSets.Of(view, schema), schema);
        var left = FieldSets.WithNamedFields(FieldSets.Of(pruned, schema), schema);
        var result = Removal.Remove(view, whole.Except(left).Intersect(lastFields), schema)!.AsObject();
        return last.ApiVersion == apiVersion ? result : versions.Convert(result, last.ApiVersion, apiVersion);
    }

    private JsonObject AddBackOwned(JsonObject merged, JsonObject pruned, string from, string version, FieldSet owned)
    {
        if (versions.Schema(version) is not { } schema)
        {
            return pruned;
        }

        var mergedView = from == version ? merged : versions.Convert(merged, from, version);
        var prunedView = from == version ? pruned : versions.Convert(pruned, from, version);
        var whole = FieldSets.WithNamedFields(FieldSets.Of(mergedView, schema), schema);
        var kept = FieldSets.WithNamedFields(FieldSets.Of(prunedView, schema), schema).Union(FieldSets.WithNamedFields(owned, schema));
        var result = Removal.Remove(mergedView, whole.Except(kept), schema)!.AsObject();
        return from == version ? result : versions.Convert(result, version, from);
    }

    private JsonObject View(JsonObject obj, string version) => version == apiVersion ? obj : versions.Convert(obj, apiVersion, version);
}
