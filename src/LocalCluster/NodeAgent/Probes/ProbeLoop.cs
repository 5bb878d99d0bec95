using k8s.Models;

namespace LocalCluster.NodeAgent.Probes;

/// <summary>Asks a container again and again, and tells when the answers have changed for long enough to count.</summary>
/// <param name="kind"><c>Startup</c>, <c>Liveness</c> or <c>Readiness</c>.</param>
/// <param name="probe">Asks.</param>
/// <param name="spec">How often, and how many answers count.</param>
/// <param name="tell">Tells people of an answer that is not good.</param>
/// <param name="time">Clock.</param>
internal sealed class ProbeLoop(string kind, IProbe probe, V1Probe spec, Action<string> tell, TimeProvider time)
{
    private readonly TimeSpan _period = TimeSpan.FromSeconds(Math.Max(1, spec.PeriodSeconds ?? 10));
    private readonly TimeSpan _timeout = TimeSpan.FromSeconds(Math.Max(1, spec.TimeoutSeconds ?? 1));
    private readonly int _failures = Math.Max(1, spec.FailureThreshold ?? 3);
    private readonly int _successes = Math.Max(1, spec.SuccessThreshold ?? 1);

    /// <summary>Asks until cancelled, or until it is told that it is enough.</summary>
    /// <param name="startedAt">Since when the container runs.</param>
    /// <param name="settled">Told true or false whenever enough equal answers have come in a row; returns false to end the loop.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(DateTimeOffset startedAt, Func<bool, bool> settled, CancellationToken cancellationToken)
    {
        var wait = startedAt.AddSeconds(spec.InitialDelaySeconds ?? 0) - time.GetUtcNow();
        await Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, time, cancellationToken);
        var (last, run) = (false, 0);
        while (true)
        {
            var finding = await probe.AskAsync(_timeout, cancellationToken);
            if (finding.Outcome == ProbeOutcome.Error)
            {
                tell($"{kind} probe errored and resulted in unknown state: {finding.Output}");
            }
            else
            {
                var passed = finding.Outcome == ProbeOutcome.Success;
                if (!passed)
                {
                    tell($"{kind} probe failed: {finding.Output}");
                }

                (last, run) = (passed, passed == last ? run + 1 : 1);
                if (run >= (passed ? _successes : _failures) && !settled(passed))
                {
                    return;
                }
            }

            await Task.Delay(_period, time, cancellationToken);
        }
    }
}
