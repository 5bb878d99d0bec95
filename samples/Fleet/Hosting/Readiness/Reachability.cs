using System.Collections.Concurrent;
using System.Net;

namespace Fleet.Hosting.Readiness;

/// <summary>
/// When each required dependency answered last. One that was never reached, or not within <see cref="Window"/>, makes the instance unready.
/// The window is several probes long, so that one lost answer changes nothing; one answer mends it.
/// </summary>
internal sealed class Reachability(FleetService service, TimeProvider time)
{
    /// <summary>How long an answer counts.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, long> _answers = new();

    /// <summary>The required dependencies that have not answered within the window.</summary>
    public IReadOnlyList<string> Unreached() =>
        [.. service.Dependencies.Where(d => !d.Optional && !AnsweredWithin(d.Name, Window)).Select(d => d.Name)];

    public bool AnsweredWithin(string dependency, TimeSpan period) =>
        _answers.TryGetValue(dependency, out var answered) && time.GetElapsedTime(answered) <= period;

    /// <summary>Notes an answer. What stands in between says 502, 503 or 504 for a service that is not there.</summary>
    public void Answered(string dependency, HttpStatusCode status)
    {
        if (status is not (HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout))
        {
            _answers[dependency] = time.GetTimestamp();
        }
    }
}
