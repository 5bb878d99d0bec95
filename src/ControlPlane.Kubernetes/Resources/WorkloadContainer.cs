using k8s.Models;

namespace ControlPlane.Kubernetes.Resources;

/// <summary>A port that a workload serves.</summary>
public sealed record WorkloadPort
{
    /// <summary>Port name.</summary>
    public string Name { get; init; } = "";

    /// <summary>Port of the Service.</summary>
    public int Port { get; init; }

    /// <summary>Port of the container; null for <see cref="Port"/>.</summary>
    public int? TargetPort { get; init; }

    /// <summary><c>TCP</c> or <c>UDP</c>.</summary>
    public string Protocol { get; init; } = "TCP";

    /// <summary>Application protocol.</summary>
    public string? AppProtocol { get; init; }
}

/// <summary>An environment variable.</summary>
public sealed record WorkloadVariable
{
    /// <summary>Name.</summary>
    public string Name { get; init; } = "";

    /// <summary>Value in clear.</summary>
    public string? Value { get; init; }

    /// <summary>One key of a Secret.</summary>
    public KeyReference? SecretKeyRef { get; init; }

    /// <summary>One key of a ConfigMap.</summary>
    public KeyReference? ConfigMapKeyRef { get; init; }

    /// <summary>A field of the pod.</summary>
    public string? FieldRef { get; init; }
}

/// <summary>Names one key of a Secret or ConfigMap.</summary>
public sealed record KeyReference
{
    /// <summary>Object name.</summary>
    public string Name { get; init; } = "";

    /// <summary>Key in the object.</summary>
    public string Key { get; init; } = "";

    /// <summary>Start without it when it is missing.</summary>
    public bool? Optional { get; init; }
}

/// <summary>A ConfigMap or Secret whose every key becomes a variable.</summary>
public sealed record WorkloadVariables
{
    /// <summary>Name of a ConfigMap.</summary>
    public string? ConfigMap { get; init; }

    /// <summary>Name of a Secret.</summary>
    public string? Secret { get; init; }

    /// <summary>Put in front of each key.</summary>
    public string? Prefix { get; init; }

    /// <summary>Start without it when it is missing.</summary>
    public bool? Optional { get; init; }
}

/// <summary>Resources of one instance.</summary>
public sealed record WorkloadResources
{
    /// <summary>Guaranteed, by resource name.</summary>
    public IReadOnlyDictionary<string, ResourceQuantity>? Requests { get; init; }

    /// <summary>Upper bound, by resource name.</summary>
    public IReadOnlyDictionary<string, ResourceQuantity>? Limits { get; init; }
}

/// <summary>A file or directory that a workload needs; exactly one source is set.</summary>
public sealed record WorkloadMount
{
    /// <summary>Where it is mounted.</summary>
    public string Path { get; init; } = "";

    /// <summary>A ConfigMap, read-only.</summary>
    public string? ConfigMap { get; init; }

    /// <summary>A Secret, read-only.</summary>
    public string? Secret { get; init; }

    /// <summary>A PersistentVolumeClaim.</summary>
    public string? Claim { get; init; }

    /// <summary>An empty directory of at most this size.</summary>
    public string? Scratch { get; init; }
}

/// <summary>Health probes of a workload.</summary>
public sealed record WorkloadProbes
{
    /// <summary>A failing instance is restarted.</summary>
    public WorkloadProbe? Liveness { get; init; }

    /// <summary>A failing instance gets no traffic.</summary>
    public WorkloadProbe? Readiness { get; init; }

    /// <summary>Holds the other two back until it has passed.</summary>
    public WorkloadProbe? Startup { get; init; }
}

/// <summary>A health probe; null fields have the baseline's values.</summary>
public sealed record WorkloadProbe
{
    /// <summary>Path of an HTTP GET.</summary>
    public string? Path { get; init; }

    /// <summary>Name of the port; null for the first.</summary>
    public string? Port { get; init; }

    /// <summary>Seconds before the first check.</summary>
    public int? InitialDelaySeconds { get; init; }

    /// <summary>Seconds between checks.</summary>
    public int? PeriodSeconds { get; init; }

    /// <summary>Seconds until an unanswered check has failed.</summary>
    public int? TimeoutSeconds { get; init; }

    /// <summary>Failures in a row that count.</summary>
    public int? FailureThreshold { get; init; }
}

/// <summary>How an instance leaves.</summary>
public sealed record WorkloadLifecycle
{
    /// <summary>Seconds that it goes on serving after it was taken out of the endpoints.</summary>
    public int PreStopSeconds { get; init; } = 15;

    /// <summary>Seconds until it is killed, <see cref="PreStopSeconds"/> included.</summary>
    public int TerminationGracePeriodSeconds { get; init; } = 45;
}

/// <summary>Security context of a workload.</summary>
public sealed record WorkloadSecurity
{
    /// <summary>User id; never 0.</summary>
    public long RunAsUser { get; init; } = 1000;

    /// <summary>Group id that owns mounted volumes.</summary>
    public long FsGroup { get; init; } = 2000;

    /// <summary>The image's own files can't be changed.</summary>
    public bool ReadOnlyRootFilesystem { get; init; } = true;
}
