using System.Collections.Concurrent;
using LocalCluster.Resources;
using LocalCluster.Storage;

namespace LocalCluster.Admission.Policies;

/// <summary>A policy with all its bindings.</summary>
internal sealed record BoundPolicy(AdmissionPolicy Policy, IReadOnlyList<PolicyBinding> Bindings);

/// <summary>
/// The policies of one kind that are in force. It is made of the snapshot that a request is decided on, so that a policy is in force
/// with the first request after it; and made anew only after one of its two tables changed.
/// </summary>
/// <param name="catalogs">What is served.</param>
/// <param name="policies">Name under which the policies are stored.</param>
/// <param name="bindings">Name under which their bindings are stored.</param>
/// <param name="compile">Compiles a policy.</param>
internal sealed class PolicyIndex(CatalogSource catalogs, string policies, string bindings, Func<KubeObject, AdmissionPolicy> compile)
{
    private Edition _current = new(TableSnapshot.Empty, TableSnapshot.Empty, [], new Dictionary<(string, long), AdmissionPolicy>());

    /// <summary>Finds what is to be evaluated for a request, in order of names.</summary>
    public IReadOnlyList<PolicyInvocation> Find(AdmissionRequest request)
    {
        if (PolicyKinds.AreExempt(request.Resource))
        {
            return [];
        }

        var catalog = catalogs.Current;
        var current = Current(request.Context.Snapshot);
        if (current.Bound.Count == 0 || current.Find(request.Resource.StorageName, catalog) is not { Count: > 0 } bound)
        {
            return [];
        }

        var subject = new PolicyRequest(request, catalog);
        return [.. bound.SelectMany(policy => PolicyInvocation.Find(policy, subject))];
    }

    private Edition Current(StoreSnapshot snapshot)
    {
        var (policyTable, bindingTable) = (snapshot.Table(policies), snapshot.Table(bindings));
        var last = Volatile.Read(ref _current);
        if (ReferenceEquals(last.Policies, policyTable) && ReferenceEquals(last.Bindings, bindingTable))
        {
            return last;
        }

        var compiled = new Dictionary<(string Uid, long Generation), AdmissionPolicy>();
        var byName = bindingTable.Range().Select(stored => PolicyBinding.Read(KubeObject.Parse(stored))).ToLookup(binding => binding.PolicyName);
        var bound = new List<BoundPolicy>();
        foreach (var policy in policyTable.Range().Select(KubeObject.Parse).Where(policy => byName.Contains(policy.Name)))
        {
            // The status of a policy, and what else has no generation, does not change what it says.
            var version = (policy.Uid, policy.Generation);
            compiled[version] = last.Compiled.GetValueOrDefault(version) ?? compile(policy);
            bound.Add(new BoundPolicy(compiled[version], [.. byName[policy.Name]]));
        }

        var next = new Edition(policyTable, bindingTable, bound, compiled);
        Volatile.Write(ref _current, next);
        return next;
    }

    private sealed record Edition(
        TableSnapshot Policies,
        TableSnapshot Bindings,
        IReadOnlyList<BoundPolicy> Bound,
        IReadOnlyDictionary<(string Uid, long Generation), AdmissionPolicy> Compiled)
    {
        private readonly ConcurrentDictionary<string, (ResourceCatalog Catalog, IReadOnlyList<BoundPolicy> Found)> _byResource = new();

        /// <summary>The policies that may concern requests for a resource, in whatever version.</summary>
        public IReadOnlyList<BoundPolicy> Find(string storageName, ResourceCatalog catalog)
        {
            if (_byResource.TryGetValue(storageName, out var known) && known.Catalog == catalog)
            {
                return known.Found;
            }

            var versions = catalog.Versions(storageName);
            BoundPolicy[] found = [.. Bound.Where(bound => bound.Policy.Constraints.MayMatch(versions))];
            _byResource[storageName] = (catalog, found);
            return found;
        }
    }
}
