using System.Collections.Concurrent;
using LocalCluster.Resources;
using LocalCluster.Storage;

namespace LocalCluster.Admission.Policies;

/// <summary>A policy with all its bindings.</summary>
internal sealed record BoundPolicy<TPolicy>(TPolicy Policy, IReadOnlyList<PolicyBinding> Bindings)
    where TPolicy : AdmissionPolicy;

/// <summary>
/// The policies of one kind that are in force. It is made of the snapshot that a request is decided on, so that a policy is in force
/// with the first request after it; and made anew only after one of its two tables changed.
/// </summary>
/// <typeparam name="TPolicy">The kind.</typeparam>
/// <param name="policies">Name under which the policies are stored.</param>
/// <param name="bindings">Name under which their bindings are stored.</param>
/// <param name="compile">Compiles a policy.</param>
internal sealed class PolicyIndex<TPolicy>(string policies, string bindings, Func<KubeObject, TPolicy> compile)
    where TPolicy : AdmissionPolicy
{
    private Edition _current = new(TableSnapshot.Empty, TableSnapshot.Empty, [], new Dictionary<(string, long), TPolicy>());

    /// <summary>The policies that may concern requests for a resource, by name.</summary>
    /// <param name="resource">The resource, in any version.</param>
    /// <param name="snapshot">What the request is decided on.</param>
    /// <param name="catalog">What is served.</param>
    public IReadOnlyList<BoundPolicy<TPolicy>> Find(ApiResource resource, StoreSnapshot snapshot, ResourceCatalog catalog)
    {
        var current = Current(snapshot);
        return current.Bound.Count == 0 ? [] : current.Find(resource.StorageName, catalog);
    }

    private Edition Current(StoreSnapshot snapshot)
    {
        var (policyTable, bindingTable) = (snapshot.Table(policies), snapshot.Table(bindings));
        var last = Volatile.Read(ref _current);
        if (ReferenceEquals(last.Policies, policyTable) && ReferenceEquals(last.Bindings, bindingTable))
        {
            return last;
        }

        var compiled = new Dictionary<(string Uid, long Generation), TPolicy>();
        var byName = bindingTable.Range().Select(stored => PolicyBinding.Read(KubeObject.Parse(stored))).ToLookup(binding => binding.PolicyName);
        var bound = new List<BoundPolicy<TPolicy>>();
        foreach (var policy in policyTable.Range().Select(KubeObject.Parse).Where(policy => byName.Contains(policy.Name)))
        {
            // The status of a policy, and what else has no generation, does not change what it says.
            var version = (policy.Uid, policy.Generation);
            compiled[version] = last.Compiled.GetValueOrDefault(version) ?? compile(policy);
            bound.Add(new BoundPolicy<TPolicy>(compiled[version], [.. byName[policy.Name]]));
        }

        var next = new Edition(policyTable, bindingTable, bound, compiled);
        Volatile.Write(ref _current, next);
        return next;
    }

    private sealed record Edition(
        TableSnapshot Policies,
        TableSnapshot Bindings,
        IReadOnlyList<BoundPolicy<TPolicy>> Bound,
        IReadOnlyDictionary<(string Uid, long Generation), TPolicy> Compiled)
    {
        private readonly ConcurrentDictionary<string, (ResourceCatalog Catalog, IReadOnlyList<BoundPolicy<TPolicy>> Found)> _byResource = new();

        public IReadOnlyList<BoundPolicy<TPolicy>> Find(string storageName, ResourceCatalog catalog)
        {
            if (_byResource.TryGetValue(storageName, out var known) && known.Catalog == catalog)
            {
                return known.Found;
            }

            var versions = catalog.Versions(storageName);
            BoundPolicy<TPolicy>[] found = [.. Bound.Where(bound => bound.Policy.Constraints.MayMatch(versions))];
            _byResource[storageName] = (catalog, found);
            return found;
        }
    }
}
