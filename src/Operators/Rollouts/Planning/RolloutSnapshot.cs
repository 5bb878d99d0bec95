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

    /// <summary>What is known of the canary; null before the first look.</summary>
    public RolloutEvidence? Evidence { get; init; }

    /// <summary>What keeps it from getting on, such as a freeze; empty when nothing does.</summary>
    public IReadOnlyList<RolloutHold> Holds { get; init; } = [];

    public required DateTimeOffset Now { get; init; }

    /// <summary>What is declared for all members together.</summary>
    public string Declared => string.Join('+', Members.Select(static member => member.Declared));
}

/// <summary>A service of a rollout, as it is seen.</summary>
/// <param name="Service">Its name.</param>
/// <param name="Declared">Revision of the workload that is declared.</param>
/// <param name="Running">Revision that the stable workload has; null before its first deployment.</param>
/// <param name="Stable">The stable workload.</param>
/// <param name="Canary">The canary's; null when there is none.</param>
internal sealed record MemberObservation(string Service, string Declared, string? Running, WorkloadSide Stable, WorkloadSide? Canary)
{
    /// <summary>Image that is declared.</summary>
    public string? DeclaredImage { get; init; }

    /// <summary>Image that the stable workload has.</summary>
    public string? RunningImage { get; init; }

    /// <summary>Ready instances of the canary that is to be.</summary>
    public int CanaryReady => Canary?.Revision == Declared ? Canary.Ready : 0;

    /// <summary>Why the canary that is to be won't become ready by itself.</summary>
    public string? CanaryProblem => Canary?.Revision == Declared ? Canary.Problem : null;

    /// <summary>True when the stable workload has the revision, on all its instances.</summary>
    public bool Runs(string? revision) => Running == revision && Stable.Ready >= Stable.Desired;
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
    public const int Enough = 20;

    /// <summary>True when enough requests went where the weight sends them.</summary>
    public bool Shows(int weight) => Total >= Enough && Fits(weight) && (weight == 0 || Canary > 0);

    /// <summary>True when enough requests went elsewhere.</summary>
    public bool Refutes(int weight) => Total >= Enough && !Fits(weight);

    private bool Fits(int weight)
    {
        var band = ShareBand.Of(Canary, Total, Error);
        return band.Low <= weight / 100.0 && weight / 100.0 <= band.High;
    }
}
