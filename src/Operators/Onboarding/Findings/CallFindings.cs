using Operators.Onboarding.Calls;
using Operators.Registry.Baseline;

namespace Operators.Onboarding.Findings;

/// <summary>What a workload's configuration points to that could not be made a dependency, or that contradicts its network policies.</summary>
internal static class CallFindings
{
    public static IEnumerable<Finding> Check(WorkloadCalls calls) => calls.Destinations.SelectMany(destination => Check(calls, destination));

    /// <summary>A call that would close a circle of dependencies.</summary>
    public static Finding Circular(ServiceCall call) => new(
        call.Workload,
        call.Field,
        $"{call.Source} tells that {call.Caller} calls {call.Callee}, which leads back to {call.Caller}; "
            + (call.IsShared
                ? "the configuration is shared with others, so the call is left out: declare it if there is one"
                : "services can't depend on each other in a circle: decide which of them calls"),
        call.IsShared ? ShortfallSeverity.Advice : ShortfallSeverity.Warning);

    private static IEnumerable<Finding> Check(WorkloadCalls calls, CallDestination destination)
    {
        var (target, variable) = (destination.Target, destination.Target.Variable);
        Finding Found(string message, ShortfallSeverity severity) => new(calls.Candidate.Workload.Reference, variable.Field, $"{variable.Source} {message}", severity);

        if (destination is { Front: { } front, Service: null, Engine: null })
        {
            yield return Found($"points to Service {front}, behind which no service is proposed or declared: add the dependency once there is one", ShortfallSeverity.Advice);
        }
        else if (destination is { Front: null, Engine: null } && target.Port is null)
        {
            yield return Found($"points to {target.Host} without a port: declare it under spec.externalDependencies", ShortfallSeverity.Advice);
        }

        if (target.HasPassword)
        {
            yield return Found("holds a password inside of a URL: keep the URL in a Secret", ShortfallSeverity.Error);
        }

        if (!calls.Egress.Allow(destination))
        {
            var port = target.Port is { } number ? $":{number}" : "";
            var policies = string.Join(", ", calls.Egress.Restricting.Select(policy => policy.Metadata.Name));
            yield return Found($"points to {target.Host}{port}, which no egress rule of NetworkPolicy {policies} lets out", ShortfallSeverity.Warning);
        }
    }
}
