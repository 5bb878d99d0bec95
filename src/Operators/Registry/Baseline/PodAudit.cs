using System.Globalization;
using System.Text.RegularExpressions;
using k8s.Models;

namespace Operators.Registry.Baseline;

/// <summary>
/// Holds a pod template that somebody else wrote against the production baseline, field by field. The baseline is that of mission row 19 and of
/// the Kubernetes Pod Security Standard "restricted".
/// </summary>
internal static partial class PodAudit
{
    /// <summary>Where the template falls short; empty when nowhere. Values of variables are never repeated.</summary>
    /// <param name="prefix">Path of the template, such as <c>Deployment/order spec.template</c>.</param>
    /// <param name="template">The template.</param>
    public static IReadOnlyList<PodShortfall> Check(string prefix, V1PodTemplateSpec template)
    {
        ArgumentNullException.ThrowIfNull(template);
        if (template.Spec is not { } pod)
        {
            return [];
        }

        List<PodShortfall> found = [.. CheckPod($"{prefix}.spec", pod)];
        for (var i = 0; i < (pod.InitContainers?.Count ?? 0); i++)
        {
            found.AddRange(CheckContainer($"{prefix}.spec.initContainers[{i}]", pod.InitContainers![i]));
        }

        for (var i = 0; i < (pod.Containers?.Count ?? 0); i++)
        {
            found.AddRange(CheckServing($"{prefix}.spec.containers[{i}]", pod, pod.Containers![i]));
            found.AddRange(CheckContainer($"{prefix}.spec.containers[{i}]", pod.Containers[i]));
        }

        return found;
    }

    private static IEnumerable<PodShortfall> CheckPod(string path, V1PodSpec pod)
    {
        List<V1Container> containers = [.. pod.InitContainers ?? [], .. pod.Containers ?? []];
        if (pod.SecurityContext?.RunAsNonRoot != true && !containers.TrueForAll(c => c.SecurityContext?.RunAsNonRoot == true))
        {
            yield return Warning($"{path}.securityContext.runAsNonRoot", "must be true: a break-out as root is a break-out of the node");
        }

        if (!IsConfined(pod.SecurityContext?.SeccompProfile) && !containers.TrueForAll(c => IsConfined(c.SecurityContext?.SeccompProfile)))
        {
            yield return Warning($"{path}.securityContext.seccompProfile.type", "must be RuntimeDefault: it closes the system calls that no service needs");
        }

        (string Field, bool? Shared)[] namespaces = [("hostNetwork", pod.HostNetwork), ("hostPID", pod.HostPID), ("hostIPC", pod.HostIPC)];
        foreach (var (field, _) in namespaces.Where(item => item.Shared == true))
        {
            yield return Error($"{path}.{field}", "must not be true: it shares what belongs to the node");
        }

        foreach (var volume in (pod.Volumes ?? []).Where(volume => volume.HostPath is not null))
        {
            yield return Error($"{path}.volumes[{volume.Name}].hostPath", "must not mount the node's file system");
        }

        if (pod.TopologySpreadConstraints is not { Count: > 0 } && pod.Affinity?.PodAntiAffinity is null)
        {
            yield return Warning($"{path}.topologySpreadConstraints", "must spread instances over zones and nodes: one zone's failure would take all of them");
        }

        if (RequiredZones(pod) is { Count: > 0 } zones)
        {
            yield return Warning(
                $"{path}.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution",
                $"requires the zones {string.Join(", ", zones)}: on a cluster without them no instance can be scheduled; prefer them instead");
        }

        if (pod.AutomountServiceAccountToken != false)
        {
            yield return Advice($"{path}.automountServiceAccountToken", "should be false unless the service talks to the Kubernetes API");
        }
    }

    /// <summary>The zones outside of which the template can't be scheduled, in order; empty when it can go anywhere.</summary>
    public static IReadOnlyList<string> RequiredZones(V1PodSpec pod)
    {
        var required = pod.Affinity?.NodeAffinity?.RequiredDuringSchedulingIgnoredDuringExecution?.NodeSelectorTerms ?? [];
        return
        [
            .. required.SelectMany(term => term.MatchExpressions ?? [])
                .Where(expression => expression.Key.EndsWith("/zone", StringComparison.Ordinal))
                .SelectMany(expression => expression.Values ?? [])
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>What is asked of containers that serve, and not of those that run before them.</summary>
    private static IEnumerable<PodShortfall> CheckServing(string path, V1PodSpec pod, V1Container container)
    {
        if (container.LivenessProbe is null)
        {
            yield return Warning($"{path}.livenessProbe", "is missing: an instance that hangs is never restarted");
        }

        if (container.ReadinessProbe is null)
        {
            yield return Warning($"{path}.readinessProbe", "is missing: an instance gets traffic before it can serve");
        }

        if (container.Lifecycle?.PreStop is null)
        {
            yield return Warning($"{path}.lifecycle.preStop", "is missing: requests that arrive while the instance leaves are lost");
        }
        else if (PreStopSeconds(container) is { } seconds && seconds >= (pod.TerminationGracePeriodSeconds ?? 30))
        {
            yield return Warning($"{path}.lifecycle.preStop", $"takes {seconds} s, all of the grace period: the instance is killed before it can finish");
        }

        foreach (var resource in (string[])["cpu", "memory"])
        {
            if (container.Resources?.Requests?.ContainsKey(resource) != true)
            {
                yield return Warning($"{path}.resources.requests.{resource}", "is missing: nothing is guaranteed, and autoscaling by use can't work");
            }
        }

        if (container.Resources?.Limits?.ContainsKey("memory") != true)
        {
            yield return Warning($"{path}.resources.limits.memory", "is missing: a leak takes the whole node");
        }
    }

    private static IEnumerable<PodShortfall> CheckContainer(string path, V1Container container)
    {
        if (ImageVersion.Of(container.Image ?? "") == "latest")
        {
            yield return Warning($"{path}.image", "must name a version: nobody can tell what :latest ran yesterday");
        }

        var (at, security) = ($"{path}.securityContext", container.SecurityContext);
        if (security?.Privileged == true)
        {
            yield return Error($"{at}.privileged", "must not be true: the container is the node");
        }

        if (security?.AllowPrivilegeEscalation != false)
        {
            yield return Warning($"{at}.allowPrivilegeEscalation", "must be false: a program could gain more rights than it was started with");
        }

        if (security?.ReadOnlyRootFilesystem != true)
        {
            yield return Advice($"{at}.readOnlyRootFilesystem", "should be true: an intruder can't change the program");
        }

        if (security?.Capabilities?.Drop?.Contains("ALL") != true)
        {
            yield return Warning($"{at}.capabilities.drop", "must hold ALL: a service needs none of root's powers");
        }

        foreach (var variable in (container.Env ?? []).Where(variable => !string.IsNullOrEmpty(variable.Value) && SecretNames.Match(variable.Name)))
        {
            yield return Error($"{path}.env[{variable.Name}].value", "looks like a secret in clear: keep it in a Secret and use secretKeyRef");
        }
    }

    private static bool IsConfined(V1SeccompProfile? profile) => profile?.Type is "RuntimeDefault" or "Localhost";

    /// <summary>How long preStop takes, where that can be read.</summary>
    private static int? PreStopSeconds(V1Container container)
    {
        var preStop = container.Lifecycle.PreStop;
        if (preStop.Sleep is { } sleep)
        {
            return (int)sleep.Seconds;
        }

        return preStop.Exec?.Command is { Count: > 0 } command && SleepCommand().Match(command[^1]) is { Success: true } match
            ? int.Parse(match.Groups["seconds"].ValueSpan, CultureInfo.InvariantCulture)
            : null;
    }

    private static PodShortfall Advice(string field, string message) => new(field, message, ShortfallSeverity.Advice);

    private static PodShortfall Warning(string field, string message) => new(field, message, ShortfallSeverity.Warning);

    private static PodShortfall Error(string field, string message) => new(field, message, ShortfallSeverity.Error);

    [GeneratedRegex(@"^(sleep\s+)?(?<seconds>\d{1,5})$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SleepCommand();
}
