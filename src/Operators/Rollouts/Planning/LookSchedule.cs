namespace Operators.Rollouts.Planning;

/// <summary>When a rollout that is under way is looked at again, although nothing tells that it changed.</summary>
internal static class LookSchedule
{
    /// <summary>How often holds are looked at while nothing else happens.</summary>
    public static readonly TimeSpan Holds = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Soonest = TimeSpan.FromSeconds(1);

    /// <summary>The time until the next look.</summary>
    /// <param name="planned">What the plan asks for; null for nothing.</param>
    /// <param name="due">When the next interval of evidence is over; null while there is none. Past although it was just looked at: its source is behind, or away.</param>
    /// <param name="waitsForTraffic">True while the step of now needs the traffic to show a weight.</param>
    public static TimeSpan Next(TimeSpan? planned, TimeSpan? due, bool waitsForTraffic)
    {
        var next = waitsForTraffic ? StepProgress.Glance : Holds;
        if (due is { } left)
        {
            next = Earlier(next, left > TimeSpan.Zero ? left : StepProgress.Glance);
        }

        next = Earlier(next, planned ?? next);
        return next > Soonest ? next : Soonest;
    }

    private static TimeSpan Earlier(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
