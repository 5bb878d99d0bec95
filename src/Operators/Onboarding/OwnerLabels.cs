using System.Text.RegularExpressions;
using Operators.Onboarding.Existing;

namespace Operators.Onboarding;

/// <summary>Reads the owning team from the labels and annotations that teams put on their objects.</summary>
internal static partial class OwnerLabels
{
    private static readonly string[] Keys =
        ["fleet.dabbawala.dev/team", "team", "app.kubernetes.io/team", "owner", "owner-team", "owning-team", "squad", "backstage.io/owner"];

    /// <summary>The team and where it stands; null when nothing tells it, or what does is no name of a team.</summary>
    public static (string Team, string Source)? Find(ExistingObjects existing, ExistingWorkload workload)
    {
        (string Place, IDictionary<string, string>? Values)[] places =
        [
            ($"{workload.Reference.Kind} {workload.Reference.Key.Name}, metadata.labels", workload.Metadata.Labels),
            ($"{workload.Reference.Kind} {workload.Reference.Key.Name}, metadata.annotations", workload.Metadata.Annotations),
            ($"{workload.Reference.Kind} {workload.Reference.Key.Name}, spec.template.metadata.labels", workload.Template.Metadata?.Labels),
            ($"{workload.Reference.Kind} {workload.Reference.Key.Name}, spec.template.metadata.annotations", workload.Template.Metadata?.Annotations),
            ($"Namespace {workload.Reference.Key.Namespace}, metadata.labels", existing.LabelsOfNamespace(workload.Reference.Key.Namespace)),
        ];
        foreach (var (place, values) in places)
        {
            foreach (var key in Keys)
            {
                if (values?.TryGetValue(key, out var value) == true && ToTeam(value) is { } team)
                {
                    return (team, $"{place}[{key}]");
                }
            }
        }

        return null;
    }

#pragma warning disable CA1308 // teams are lower case
    private static string? ToTeam(string value)
    {
        var team = Separators().Replace(value.Trim().ToLowerInvariant(), "-");
        return Team().IsMatch(team) ? team : null;
    }
#pragma warning restore CA1308

    [GeneratedRegex(@"[\s_]+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Separators();

    /// <summary>As the schema of spec.owner.team has it.</summary>
    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9.]{0,61}[a-z0-9])?\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Team();
}
