using System.Globalization;
using ControlPlane.Kubernetes.Resources;
using LocalCluster.Workloads;

namespace LocalCluster.Controllers.Deployments;

/// <summary>The annotations by which a Deployment and its ReplicaSets number their templates and remember what they were sized for.</summary>
internal static class Revisions
{
    /// <summary>Number of the template.</summary>
    public const string RevisionAnnotation = "deployment.kubernetes.io/revision";

    /// <summary>Wanted pods of the Deployment when the set was sized.</summary>
    public const string DesiredReplicasAnnotation = "deployment.kubernetes.io/desired-replicas";

    /// <summary>Wanted pods and surge of the Deployment when the set was sized.</summary>
    public const string MaxReplicasAnnotation = "deployment.kubernetes.io/max-replicas";

    /// <summary>Numbers that the template had before it was rolled back to.</summary>
    private const string HistoryAnnotation = "deployment.kubernetes.io/revision-history";

    private const int LongestHistory = 2000;

    /// <summary>What belongs to the Deployment itself.</summary>
    private static readonly string[] NotCopied =
    [
        "kubectl.kubernetes.io/last-applied-configuration", RevisionAnnotation, HistoryAnnotation, DesiredReplicasAnnotation, MaxReplicasAnnotation,
        "deprecated.deployment.rollback.to",
    ];

    /// <summary>Number of a set's template; 0 when it has none.</summary>
    public static long Of(ReplicaSet set) =>
        long.TryParse(set.Metadata.Annotations.GetValueOrDefault(RevisionAnnotation), NumberStyles.None, CultureInfo.InvariantCulture, out var revision)
            ? revision
            : 0;

    /// <summary>A number that is kept in an annotation; null when it is absent or no number.</summary>
    public static int? Number(ReplicaSet set, string annotation) =>
        int.TryParse(set.Metadata.Annotations.GetValueOrDefault(annotation), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    /// <summary>The set with the annotations that make it the newest: those of the Deployment, and the next number.</summary>
    public static ReplicaSet AsNewest(this ReplicaSet set, Deployment deployment, long revision)
    {
        var annotations = new Dictionary<string, string>(set.Metadata.Annotations);
        foreach (var (key, value) in deployment.Metadata.Annotations.Where(pair => !NotCopied.Contains(pair.Key)))
        {
            annotations[key] = value;
        }

        // A set that is newest already keeps its number even if sets with lower ones are gone meanwhile.
        if (Of(set) < revision)
        {
            if (set.Metadata.Annotations.TryGetValue(RevisionAnnotation, out var before))
            {
                annotations[HistoryAnnotation] = Remember(annotations.GetValueOrDefault(HistoryAnnotation, ""), before);
            }

            annotations[RevisionAnnotation] = revision.ToString(CultureInfo.InvariantCulture);
        }

        return set.WithAnnotations(annotations);
    }

    /// <summary>The set with a size, and with what it was sized for.</summary>
    public static ReplicaSet Sized(this ReplicaSet set, int replicas, RolloutBounds bounds)
    {
        var annotations = new Dictionary<string, string>(set.Metadata.Annotations)
        {
            [DesiredReplicasAnnotation] = bounds.Desired.ToString(CultureInfo.InvariantCulture),
            [MaxReplicasAnnotation] = bounds.MaxTotal.ToString(CultureInfo.InvariantCulture),
        };
        return set.WithAnnotations(annotations) with { Spec = set.Spec with { Replicas = replicas } };
    }

    private static ReplicaSet WithAnnotations(this ReplicaSet set, Dictionary<string, string> annotations) =>
        set with { Metadata = set.Metadata with { Annotations = annotations } };

    private static string Remember(string history, string revision)
    {
        var longer = history.Length == 0 ? revision : $"{history},{revision}";
        while (longer.Length > LongestHistory)
        {
            longer = longer[(longer.IndexOf(',', StringComparison.Ordinal) + 1)..];
        }

        return longer;
    }
}
