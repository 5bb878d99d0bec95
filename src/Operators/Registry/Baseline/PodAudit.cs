using System.Text.RegularExpressions;
using ControlPlane.Kubernetes.Resources;
using k8s.Models;

namespace Operators.Registry.Baseline;

/// <summary>
/// Holds a pod template that somebody else wrote against the production baseline, field by field. The baseline is that of mission row 19 and of
/// the Kubernetes Pod Security Standard "restricted".
/// </summary>
public static partial class PodAudit
{
    /// <summary>Where the template falls short; empty when nowhere. Values of variables are never repeated.</summary>
    /// <param name="prefix">Path of the template, such as <c>Deployment/order spec.template</c>.</param>
    /// <param name="template">The template.</param>
    public static IReadOnlyList<Shortfall> Check(string prefix, V1PodTemplateSpec template)
    {
        ArgumentNullException.ThrowIfNull(template);
        if (template.Spec is not { } pod)
        {
            return [];
        }

        List<Shortfall> found = [.. CheckPod($"{prefix}.spec", pod)];
        for (var i = 0; i < (pod.Containers?.Count ?? 0); i++)
        {
            found.AddRange(CheckContainer($"{prefix}.spec.containers[{i}]", pod, pod.Containers![i]));
        }

        return found;
    }

    private static IEnumerable<Shortfall> CheckPod(string path, V1PodSpec pod)
    {
        if (pod.SecurityContext?.RunAsNonRoot != true && pod.Containers?.All(c => c.SecurityContext?.RunAsNonRoot == true) != true)
        {
            yield return new() { Field = $"{path}.securityContext.runAsNonRoot", Message = "must be true: a break-out as root is a break-out of the node" };
        }

        if (pod.SecurityContext?.SeccompProfile?.Type is not ("RuntimeDefault" or "Localhost"))
        {
            yield return new() { Field = $"{path}.securityContext.seccompProfile.type", Message = "must be RuntimeDefault: it closes the system calls that no service needs" };
        }

        if (pod.HostNetwork == true || pod.HostPID == true || pod.HostIPC == true)
        {
            yield return new() { Field = $"{path}.hostNetwork", Message = "must not share the node's network, processes or IPC" };
        }

        foreach (var volume in (pod.Volumes ?? []).Where(volume => volume.HostPath is not null))
        {
            yield return new() { Field = $"{path}.volumes[{volume.Name}].hostPath", Message = "must not mount the node's file system" };
        }

        if (pod.TopologySpreadConstraints is not { Count: > 0 } && pod.Affinity?.PodAntiAffinity is null)
        {
            yield return new() { Field = $"{path}.topologySpreadConstraints", Message = "must spread instances over zones and nodes: one zone's failure would take all of them" };
        }

        foreach (var term in pod.Affinity?.NodeAffinity?.RequiredDuringSchedulingIgnoredDuringExecution?.NodeSelectorTerms ?? [])
        {
            foreach (var expression in (term.MatchExpressions ?? []).Where(e => e.Key.EndsWith("/zone", StringComparison.Ordinal)))
            {
                yield return new()
                {
                    Field = $"{path}.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution",
                    Message = $"requires the zones {string.Join(", ", expression.Values ?? [])}: on a cluster without them no instance can be scheduled; prefer them instead",
                };
            }
        }

        if (pod.AutomountServiceAccountToken != false)
        {
            yield return new() { Field = $"{path}.automountServiceAccountToken", Message = "should be false unless the service talks to the Kubernetes API" };
        }
    }

    private static IEnumerable<Shortfall> CheckContainer(string path, V1PodSpec pod, V1Container container)
    {
        if (container.LivenessProbe is null)
        {
            yield return new() { Field = $"{path}.livenessProbe", Message = "is missing: an instance that hangs is never restarted" };
        }

        if (container.ReadinessProbe is null)
        {
            yield return new() { Field = $"{path}.readinessProbe", Message = "is missing: an instance gets traffic before it can serve" };
        }

        if (container.Lifecycle?.PreStop is null)
        {
            yield return new() { Field = $"{path}.lifecycle.preStop", Message = "is missing: requests that arrive while the instance leaves are lost" };
        }
        else if (PreStopSeconds(container) is { } seconds && seconds >= (pod.TerminationGracePeriodSeconds ?? 30))
        {
            yield return new() { Field = $"{path}.lifecycle.preStop", Message = $"takes {seconds} s, all of the grace period: the instance is killed before it can finish" };
        }

        foreach (var resource in (string[])["cpu", "memory"])
        {
            if (container.Resources?.Requests?.ContainsKey(resource) != true)
            {
                yield return new() { Field = $"{path}.resources.requests.{resource}", Message = "is missing: nothing is guaranteed, and autoscaling by use can't work" };
            }
        }

        if (container.Resources?.Limits?.ContainsKey("memory") != true)
        {
            yield return new() { Field = $"{path}.resources.limits.memory", Message = "is missing: a leak takes the whole node" };
        }

        if (ImageVersion.Of(container.Image ?? "") == "latest")
        {
            yield return new() { Field = $"{path}.image", Message = "must name a version: nobody can tell what :latest ran yesterday" };
        }

        foreach (var shortfall in CheckSecurity($"{path}.securityContext", container.SecurityContext).Concat(CheckVariables(path, container)))
        {
            yield return shortfall;
        }
    }

    private static IEnumerable<Shortfall> CheckSecurity(string path, V1SecurityContext? security)
    {
        if (security?.Privileged == true)
        {
            yield return new() { Field = $"{path}.privileged", Message = "must not be true: the container is the node" };
        }

        if (security?.AllowPrivilegeEscalation != false)
        {
            yield return new() { Field = $"{path}.allowPrivilegeEscalation", Message = "must be false" };
        }

        if (security?.ReadOnlyRootFilesystem != true)
        {
            yield return new() { Field = $"{path}.readOnlyRootFilesystem", Message = "should be true: an intruder can't change the program" };
        }

        if (security?.Capabilities?.Drop?.Contains("ALL") != true)
        {
            yield return new() { Field = $"{path}.capabilities.drop", Message = "must hold ALL" };
        }
    }

    private static IEnumerable<Shortfall> CheckVariables(string path, V1Container container) =>
        (container.Env ?? [])
            .Where(variable => !string.IsNullOrEmpty(variable.Value) && SecretName().IsMatch(variable.Name ?? ""))
            .Select(variable => new Shortfall { Field = $"{path}.env[{variable.Name}].value", Message = "looks like a secret in clear: keep it in a Secret and use secretKeyRef" });

    /// <summary>How long preStop takes, where that can be read.</summary>
    private static int? PreStopSeconds(V1Container container)
    {
        var preStop = container.Lifecycle.PreStop;
        if (preStop.Sleep is { } sleep)
        {
            return (int)sleep.Seconds;
        }

        return preStop.Exec?.Command is { Count: > 0 } command && SleepCommand().Match(command[^1]) is { Success: true } match
            ? int.Parse(match.Groups["seconds"].ValueSpan, System.Globalization.CultureInfo.InvariantCulture)
            : null;
    }

    [GeneratedRegex("PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|PRIVATE_?KEY|CREDENTIAL", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SecretName();

    [GeneratedRegex(@"^(sleep\s+)?(?<seconds>\d{1,5})$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SleepCommand();
}
