using System.Runtime.InteropServices;
using ControlPlane.Kubernetes.Resources.Rollouts;
using Operators.Rollouts.Evidence;

namespace Operators.Rollouts.Planning;

/// <summary>All that the next move of a rollout is planned from.</summary>
internal sealed record RolloutSnapshot
{
    /// <summary>The declaration, and where it stood.</summary>
    public required CanaryRollout Rollout { get; init; }

    /// <summary>Its services, in the order of the declaration.</summary>
    public required IReadOnlyList<MemberObservation> Members { get; init; }

    /// <summary>Requests to the canary and to all since the weight is what it is.</summary>
    public ObservedSplit Split { get; init; }

    /// <summary>What the evidence of this revision says, and in a sentence why.</summary>
    public (RolloutVerdict Verdict, string Why) Evidence { get; init; } = (RolloutVerdict.NotEnoughData, "no requests were compared yet");

    /// <summary>What keeps it from getting on, such as an incident or a freeze; empty when nothing does.</summary>
    public IReadOnlyList<string> Holds { get; init; } = [];

    public required DateTimeOffset Now { get; init; }

    /// <summary>What is declared for all members together.</summary>
    public string Declared => string.Join('+', Members.Select(static member => member.Declared));

    /// <summary>What all stable versions run; null while one of them was never deployed.</summary>
    public string? Running => Members.Any(static member => member.Running is null) ? null : string.Join('+', Members.Select(static member => member.Running));
}

/// <summary>A service of a rollout, as it is seen.</summary>
/// <param name="Service">Its name.</param>
/// <param name="Declared">Revision of the workload that is declared.</param>
/// <param name="Running">Revision that the stable workload has; null before its first deployment.</param>
/// <param name="Stable">The stable workload.</param>
/// <param name="Canary">The canary's; null when there is none.</param>
internal sealed record MemberObservation(string Service, string Declared, string? Running, WorkloadSide Stable, WorkloadSide? Canary)
{
    /// <summary>Instances that the canary needs for its share of the traffic, at least one.</summary>
    public int NeededAt(int percent) => percent == 0 ? 0 : Math.Max(1, (int)Math.Ceiling(Stable.Desired * percent / 100.0));
}

/// <summary>A workload of one side.</summary>
/// <param name="Revision">The revision that it is to run.</param>
/// <param name="Desired">Instances that it should have.</param>
/// <param name="Ready">Instances of that revision that are ready.</param>
/// <param name="Problem">Why it won't become ready by itself, such as a crash loop or an image that does not exist; null when nothing is known.</param>
internal sealed record WorkloadSide(string Revision, int Desired, int Ready, string? Problem = null);

/// <summary>Where requests went.</summary>
/// <param name="Canary">Those to the canary.</param>
/// <param name="Total">All.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ObservedSplit(long Canary, long Total)
{
    /// <summary>How likely a true weight is ever taken for a wrong one.</summary>
    private const double Error = 0.001;

    /// <summary>Requests below which a weight that happens to fit is no proof that it is there.</summary>
    private const int Enough = 20;

    /// <summary>True when enough requests went where the weight sends them.</summary>
    public bool Shows(int weight)
    {
        if (Total < Enough)
        {
            return false;
        }

        var band = ShareBand.Of(Canary, Total, Error);
        return band.Low <= weight / 100.0 && weight / 100.0 <= band.High && (weight == 0 || Canary > 0);
    }
}
