using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Fleet.Hosting.Input;

namespace Fleet.Hosting.Faults;

/// <summary>What a version does worse than it could: for canaries, alerts and circuits to find out. Nothing by default.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record FaultPlan : IInput
{
    public static FaultPlan None { get; } = new();

    /// <summary>Share of requests that get status 500 instead of being served, 0 to 1.</summary>
    [Range(0d, 1d)]
    public double ErrorRate { get; set; }

    /// <summary>Milliseconds that every request waits before it is served, 0 to 60000.</summary>
    [Range(0, 60_000)]
    public int LatencyMs { get; set; }

    /// <summary>Share of requests that wait for <see cref="SlowMs"/> as well, 0 to 1: 0.02 raises p99 and leaves the median.</summary>
    [Range(0d, 1d)]
    public double SlowRate { get; set; }

    /// <summary>Milliseconds that the slow ones wait, 0 to 60000.</summary>
    [Range(0, 60_000)]
    public int SlowMs { get; set; }

    /// <summary>How long a request waits.</summary>
    /// <param name="draw">A number from 0 to under 1.</param>
    public TimeSpan Wait(double draw) => TimeSpan.FromMilliseconds(LatencyMs + (draw < SlowRate ? SlowMs : 0));
}
