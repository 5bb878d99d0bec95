using ControlPlane.Kubernetes.Resources;

namespace ControlPlane.Kubernetes.Leadership;

/// <summary>How an election is held.</summary>
public sealed record LeaseElectorOptions
{
    /// <summary>client-go's JitterFactor: a retry comes up to this many times its period later.</summary>
    internal const double Jitter = 1.2;

    /// <summary>Namespace and name of the Lease.</summary>
    public required ObjectKey Lease { get; init; }

    /// <summary>Who we are; unique among the candidates.</summary>
    public required string Identity { get; init; }

    /// <summary>
    /// How long others wait for a holder that does not renew, in whole seconds. Default 15 s. What it exceeds <see cref="RenewDeadline"/> by is
    /// the time that a leader has to wind up, and the margin for clocks that run at different speeds.
    /// </summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long after its last renewal a holder gives up by itself; must be shorter than <see cref="LeaseDuration"/>. Default 10 s.</summary>
    public TimeSpan RenewDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Pause between attempts, up to a fifth longer; must be shorter than <see cref="RenewDeadline"/>. Default 2 s.</summary>
    public TimeSpan RetryPeriod { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Refuses what could elect two leaders, or none.</summary>
    internal void Validate()
    {
        Require(Identity.Length > 0, nameof(Identity), "must not be empty");
        Require(LeaseDuration.Ticks % TimeSpan.TicksPerSecond == 0, nameof(LeaseDuration), "must be whole seconds, as the Lease stores it");
        Require(LeaseDuration > RenewDeadline, nameof(LeaseDuration), $"must be longer than {nameof(RenewDeadline)}");
        Require(RenewDeadline > RetryPeriod * Jitter, nameof(RenewDeadline), $"must be more than {Jitter} times {nameof(RetryPeriod)}");
        Require(RetryPeriod > TimeSpan.Zero, nameof(RetryPeriod), "must be positive");
    }

    private static void Require(bool holds, string option, string rule)
    {
        if (!holds)
        {
            throw new ArgumentException($"leader election: {option} {rule}");
        }
    }
}
