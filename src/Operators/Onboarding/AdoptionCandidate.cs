using System.Text.RegularExpressions;
using ControlPlane.Kubernetes.Resources;
using k8s.Models;
using Operators.Cluster;
using Operators.Onboarding.Existing;

namespace Operators.Onboarding;

/// <summary>A workload that no service manages or adopts yet.</summary>
/// <param name="Workload">The workload.</param>
/// <param name="Service">Namespace and name of the service that would adopt it.</param>
/// <param name="Fronts">The Services that select its pods, the one that stands for it first.</param>
internal sealed partial record AdoptionCandidate(ExistingWorkload Workload, ObjectKey Service, IReadOnlyList<V1Service> Fronts)
{
    private const int LongestName = 50;

    /// <summary>The candidates, by namespace and name.</summary>
    public static IReadOnlyList<AdoptionCandidate> Find(ExistingObjects existing, IReadOnlyCollection<ManagedService> fleet)
    {
        var adopted = fleet.Where(service => service.Spec.WorkloadRef is not null).Select(FleetCaches.WorkloadKeyOf).ToHashSet();
        var taken = fleet.Select(service => service.Metadata.Key).ToHashSet();
        return
        [
            .. existing.Workloads
                .Where(workload => !workload.IsOwned && !adopted.Contains(new(workload.Reference.Kind, workload.Reference.Key)))
                .OrderBy(workload => workload.Reference.Key, ObjectKey.ListOrder)
                .ThenBy(workload => OwnedKinds.Workloads.ToList().FindIndex(type => type.Kind == workload.Reference.Kind))
                .Select(workload => new AdoptionCandidate(workload, FreeName(workload.Reference, taken), WorkloadFront.Of(existing, workload))),
        ];
    }

    /// <summary>The workload's own name as far as a service may have it and nobody else does.</summary>
    private static ObjectKey FreeName(ObjectReference workload, HashSet<ObjectKey> taken)
    {
        var name = Shorten(Forbidden().Replace(workload.Key.Name, "-").TrimStart('-'), LongestName);
        name = char.IsAsciiLetter(name[0]) ? name : Shorten($"s-{name}", LongestName);
        string[] choices = [name, $"{Shorten(name, LongestName - workload.Kind.Length - 1)}-{KindSuffix(workload.Kind)}"];
        var key = choices
            .Concat(Enumerable.Range(2, taken.Count + 1).Select(i => $"{Shorten(name, LongestName - 6)}-{i}"))
            .Select(choice => new ObjectKey(workload.Key.Namespace, choice))
            .First(key => !taken.Contains(key));
        taken.Add(key);
        return key;
    }

    private static string Shorten(string name, int longest) => name.Length <= longest ? name : name[..longest].TrimEnd('-');

#pragma warning disable CA1308 // names of objects are lower case
    private static string KindSuffix(string kind) => kind.ToLowerInvariant();
#pragma warning restore CA1308

    [GeneratedRegex("[^-a-z0-9]", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Forbidden();
}
