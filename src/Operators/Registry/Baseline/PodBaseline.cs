using ControlPlane.Kubernetes.Resources;
using k8s.Models;

namespace Operators.Registry.Baseline;

/// <summary>The pods of the golden path: probes, graceful exit, locked-down security context, spread over zones and nodes.</summary>
internal static class PodBaseline
{
    private const string TemporaryPath = "/tmp";

    private static readonly Dictionary<string, ResourceQuantity> BaselineRequests = new() { ["cpu"] = new("100m"), ["memory"] = new("128Mi") };
    private static readonly ResourceQuantity BaselineMemoryLimit = new("256Mi");

    private static readonly WorkloadProbe Liveness = new()
    {
        Path = "/health",
        InitialDelaySeconds = 30,
        PeriodSeconds = 30,
        TimeoutSeconds = 5,
        FailureThreshold = 3,
    };

    private static readonly WorkloadProbe Readiness = new()
    {
        Path = "/ready",
        InitialDelaySeconds = 10,
        PeriodSeconds = 10,
        TimeoutSeconds = 5,
        FailureThreshold = 3,
    };

    private static readonly WorkloadProbe Startup = new() { Path = "/health", PeriodSeconds = 5, TimeoutSeconds = 5, FailureThreshold = 30 };

    public static V1PodTemplateSpec Plan(ManagedService service, ServiceWorkload workload) => new()
    {
        Metadata = new V1ObjectMeta { Labels = BaselineMetadata.PodLabels(service), Annotations = Annotations(workload) },
        Spec = new V1PodSpec
        {
            ServiceAccountName = workload.ObjectNames?.ServiceAccount ?? service.Metadata.Name,
            AutomountServiceAccountToken = workload.Permissions.Count > 0,
            EnableServiceLinks = false, // variables for every Service of the namespace: slow to start, and a surprise to the program
            TerminationGracePeriodSeconds = workload.Lifecycle.TerminationGracePeriodSeconds,
            SecurityContext = PodSecurity(workload.Security ?? new()),
            Affinity = ZoneAffinity(workload.Placement),
            TopologySpreadConstraints = Spread(service),
            Containers = [Container(service, workload)],
            Volumes = Volumes(workload),
        },
    };

    private static V1Container Container(ManagedService service, ServiceWorkload workload) => new()
    {
        Name = service.Metadata.Name,
        Image = workload.Image,
        Command = Listed(workload.Command),
        Args = Listed(workload.Args),
        Ports = [.. WorkloadPorts.Of(workload).DistinctBy(port => (port.Target(), port.Protocol)).Select(port => new V1ContainerPort
        {
            Name = port.Name,
            ContainerPort = port.Target(),
            Protocol = port.Protocol,
        })],
        Env = Listed([.. workload.Env.Select(Variable)]),
        EnvFrom = Listed([.. workload.EnvFrom.Select(Variables)]),
        Resources = Resources(workload.Resources),
        LivenessProbe = Probe(workload, workload.Probes?.Liveness, Liveness),
        ReadinessProbe = Probe(workload, workload.Probes?.Readiness, Readiness),
        StartupProbe = workload.Probes?.Startup is { } startup ? Probe(workload, startup, Startup) : null,
        Lifecycle = workload.Lifecycle.PreStopSeconds > 0
            ? new V1Lifecycle { PreStop = new V1LifecycleHandler { Sleep = new V1SleepAction { Seconds = workload.Lifecycle.PreStopSeconds } } }
            : null,
        SecurityContext = new V1SecurityContext
        {
            AllowPrivilegeEscalation = false,
            ReadOnlyRootFilesystem = (workload.Security ?? new()).ReadOnlyRootFilesystem,
            Capabilities = new V1Capabilities { Drop = ["ALL"] },
        },
        VolumeMounts = [.. Mounts(workload).Select((mount, i) => new V1VolumeMount
        {
            Name = VolumeName(mount, i),
            MountPath = mount.Path,
            ReadOnlyProperty = mount.ConfigMap is not null || mount.Secret is not null ? true : null,
        })],
    };

    /// <summary>Plain annotations beside the ServiceMonitor, for a Prometheus that discovers pods by itself.</summary>
    private static Dictionary<string, string>? Annotations(ServiceWorkload workload)
    {
        var annotations = new Dictionary<string, string>(workload.PodAnnotations ?? new Dictionary<string, string>());
        if (workload.Monitoring.Enabled)
        {
            annotations["prometheus.io/scrape"] = "true";
            annotations["prometheus.io/path"] = workload.Monitoring.Path;
            annotations["prometheus.io/port"] = WorkloadPorts.Metrics(workload).Target().ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        return annotations.Count > 0 ? annotations : null;
    }

    private static V1PodSecurityContext PodSecurity(WorkloadSecurity security) => new()
    {
        RunAsNonRoot = true,
        RunAsUser = security.RunAsUser,
        FsGroup = security.FsGroup,
        SeccompProfile = new V1SeccompProfile { Type = "RuntimeDefault" },
    };

    private static V1Affinity? ZoneAffinity(WorkloadPlacement? placement)
    {
        if (placement is null || placement.Zones.Count == 0)
        {
            return null;
        }

        var inZones = new V1NodeSelectorTerm
        {
            MatchExpressions = [new V1NodeSelectorRequirement { Key = "topology.kubernetes.io/zone", OperatorProperty = "In", Values = [.. placement.Zones] }],
        };
        return new V1Affinity
        {
            NodeAffinity = placement.Required
                ? new V1NodeAffinity { RequiredDuringSchedulingIgnoredDuringExecution = new V1NodeSelector { NodeSelectorTerms = [inZones] } }
                : new V1NodeAffinity
                {
                    PreferredDuringSchedulingIgnoredDuringExecution = [new V1PreferredSchedulingTerm { Weight = 100, Preference = inZones }],
                },
        };
    }

    /// <summary>As even as the cluster can, but never pending because of it.</summary>
    private static V1TopologySpreadConstraint[] Spread(ManagedService service) =>
    [
        .. ((string[])["topology.kubernetes.io/zone", "kubernetes.io/hostname"]).Select(topology => new V1TopologySpreadConstraint
        {
            MaxSkew = 1,
            TopologyKey = topology,
            WhenUnsatisfiable = "ScheduleAnyway",
            LabelSelector = new V1LabelSelector { MatchLabels = BaselineMetadata.PodSelector(service) },
        }),
    ];

    private static V1Probe Probe(ServiceWorkload workload, WorkloadProbe? declared, WorkloadProbe baseline)
    {
        declared ??= baseline;
        return new V1Probe
        {
            HttpGet = new V1HTTPGetAction
            {
                Path = declared.Path ?? baseline.Path,
                Port = (WorkloadPorts.Find(workload, declared.Port) ?? WorkloadPorts.Of(workload)[0]).Target(),
                Scheme = "HTTP",
            },
            InitialDelaySeconds = Above0(declared.InitialDelaySeconds ?? baseline.InitialDelaySeconds),
            PeriodSeconds = declared.PeriodSeconds ?? baseline.PeriodSeconds,
            TimeoutSeconds = declared.TimeoutSeconds ?? baseline.TimeoutSeconds,
            FailureThreshold = declared.FailureThreshold ?? baseline.FailureThreshold,
        };
    }

    /// <summary>The server does not store a delay of 0; declaring it would look like drift for ever.</summary>
    private static int? Above0(int? seconds) => seconds > 0 ? seconds : null;

    /// <summary>What is not declared has the baseline's value, as far as that does not contradict what is: the API refuses requests over limits.</summary>
    private static V1ResourceRequirements Resources(WorkloadResources? declared)
    {
        var requests = declared?.Requests?.ToDictionary() ?? [];
        var limits = declared?.Limits?.ToDictionary() ?? [];
        foreach (var (resource, amount) in BaselineRequests)
        {
            requests.TryAdd(resource, limits.TryGetValue(resource, out var limit) && limit.ToDecimal() < amount.ToDecimal() ? limit : amount);
        }

        limits.TryAdd("memory", requests["memory"].ToDecimal() > BaselineMemoryLimit.ToDecimal() ? requests["memory"] : BaselineMemoryLimit);
        return new V1ResourceRequirements { Requests = requests, Limits = limits };
    }

    private static V1EnvVar Variable(WorkloadVariable variable) => new()
    {
        Name = variable.Name,
        Value = string.IsNullOrEmpty(variable.Value) ? null : variable.Value, // the server does not store an empty value
        ValueFrom = variable switch
        {
            { SecretKeyRef: { } secret } => new V1EnvVarSource
            {
                SecretKeyRef = new V1SecretKeySelector { Name = secret.Name, Key = secret.Key, Optional = secret.Optional },
            },
            { ConfigMapKeyRef: { } config } => new V1EnvVarSource
            {
                ConfigMapKeyRef = new V1ConfigMapKeySelector { Name = config.Name, Key = config.Key, Optional = config.Optional },
            },
            { FieldRef: { } field } => new V1EnvVarSource { FieldRef = new V1ObjectFieldSelector { ApiVersion = "v1", FieldPath = field } },
            _ => null,
        },
    };

    private static V1EnvFromSource Variables(WorkloadVariables variables) => new()
    {
        Prefix = string.IsNullOrEmpty(variables.Prefix) ? null : variables.Prefix,
        ConfigMapRef = variables.ConfigMap is { } config ? new V1ConfigMapEnvSource { Name = config, Optional = variables.Optional } : null,
        SecretRef = variables.Secret is { } secret ? new V1SecretEnvSource { Name = secret, Optional = variables.Optional } : null,
    };

    private static List<WorkloadMount> Mounts(ServiceWorkload workload)
    {
        var mounts = workload.Mounts.ToList();
        if ((workload.Security ?? new()).ReadOnlyRootFilesystem && mounts.TrueForAll(mount => mount.Path != TemporaryPath))
        {
            mounts.Add(new WorkloadMount { Path = TemporaryPath, Scratch = "64Mi" });
        }

        return mounts;
    }

    private static List<V1Volume>? Volumes(ServiceWorkload workload) => Listed([.. Mounts(workload).Select((mount, i) => new V1Volume
    {
        Name = VolumeName(mount, i),
        ConfigMap = mount.ConfigMap is { } config ? new V1ConfigMapVolumeSource { Name = config } : null,
        Secret = mount.Secret is { } secret ? new V1SecretVolumeSource { SecretName = secret } : null,
        PersistentVolumeClaim = mount.Claim is { } claim ? new V1PersistentVolumeClaimVolumeSource { ClaimName = claim } : null,
        EmptyDir = mount.Scratch is { } size ? new V1EmptyDirVolumeSource { SizeLimit = new ResourceQuantity(size) } : null,
    })]);

    private static string VolumeName(WorkloadMount mount, int index) =>
        mount.Path == TemporaryPath ? "tmp" : $"mount-{index.ToString(System.Globalization.CultureInfo.InvariantCulture)}";

    private static List<T>? Listed<T>(IReadOnlyList<T> items) => items.Count > 0 ? [.. items] : null;
}
