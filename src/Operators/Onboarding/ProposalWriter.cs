using System.Globalization;
using ControlPlane.Kubernetes.Resources;
using k8s.Models;
using Operators.Onboarding.Calls;
using Operators.Onboarding.Existing;

namespace Operators.Onboarding;

/// <summary>Writes the declaration that would adopt one workload, and where each of its values comes from.</summary>
internal sealed class ProposalWriter(ExistingObjects existing, WorkloadCalls calls, IReadOnlyList<ServiceCall> dependencies)
{
    private const string PartOfLabel = "app.kubernetes.io/part-of";
    private const int LongestName = 63;

    private readonly List<Derivation> _derivations = [];
    private readonly ExistingWorkload _workload = calls.Candidate.Workload;

    public AdoptionProposal Write()
    {
        var (key, reference) = (calls.Candidate.Service, _workload.Reference);
        var ports = calls.Candidate.Fronts is [var front, ..] ? WorkloadFront.Ports(front, _workload.Template) : [];
        Tell("metadata.name", key.Name, key.Name == reference.Key.Name ? $"{reference.Kind} {reference.Key.Name}" : $"{reference.Kind} {reference.Key.Name}, as far as a service may have that name");
        var service = new ManagedService
        {
            ApiVersion = ManagedService.ResourceType.ApiVersion,
            Kind = ManagedService.ResourceType.Kind,
            Metadata = new ObjectMeta { Name = key.Name, Namespace = key.Namespace },
            Spec = new ManagedServiceSpec
            {
                Owner = new ServiceOwner { Team = Team() },
                BoundedContext = BoundedContext(),
                Datastores = Datastores(),
                DependsOn = DependsOn(),
                ExternalDependencies = ExternalDependencies(),
                HealthCheck = HealthCheck(ports),
                WorkloadRef = new WorkloadReference { Kind = reference.Kind, Name = reference.Key.Name, Service = Front() },
            },
        };
        return new(service, ports, _derivations);
    }

    private string Team()
    {
        var (team, source) = OwnerLabels.Find(existing, _workload) ?? (AdoptionProposal.OwnerPlaceholder, "nothing tells it: fill it in");
        return Tell("spec.owner.team", team, source);
    }

    private string? BoundedContext() =>
        _workload.Metadata.Labels?.TryGetValue(PartOfLabel, out var context) == true
            ? Tell("spec.boundedContext", context, $"{_workload.Reference.Kind} {_workload.Reference.Key.Name}, metadata.labels[{PartOfLabel}]")
            : null;

    private string? Front()
    {
        if (calls.Candidate.Fronts is not [var front, ..] || front.Metadata.Name == _workload.Reference.Key.Name)
        {
            return null;
        }

        return Tell("spec.workloadRef.service", front.Metadata.Name, $"Service {front.Metadata.Name}, whose selector selects its pods");
    }

    /// <summary>The liveness probe asks what an active check would; the readiness probe is asked by the cluster anyway.</summary>
    private ActiveHealthCheck? HealthCheck(IReadOnlyList<WorkloadPort> ports)
    {
        foreach (var (path, container) in _workload.Containers)
        {
            foreach (var (field, probe) in ((string, V1Probe?)[])[("livenessProbe", container.LivenessProbe), ("readinessProbe", container.ReadinessProbe)])
            {
                if (probe?.HttpGet is { } get && get.Scheme is null or "HTTP" && PortOf(get, ports) is { } port)
                {
                    var check = new ActiveHealthCheck
                    {
                        Path = get.Path is { Length: > 0 } asked ? asked : "/",
                        Port = port == ports[0] ? null : port.Name,
                        IntervalSeconds = Math.Clamp(probe.PeriodSeconds ?? 10, 5, 3600),
                        TimeoutSeconds = Math.Clamp(probe.TimeoutSeconds ?? 1, 1, 60),
                    };
                    Tell("spec.healthCheck", $"GET {check.Path} each {check.IntervalSeconds} s", $"{_workload.Reference.Kind} {_workload.Reference.Key.Name}, {path}.{field}");
                    return check;
                }
            }
        }

        return null;
    }

    private WorkloadPort? PortOf(V1HTTPGetAction get, IReadOnlyList<WorkloadPort> ports)
    {
        var target = int.TryParse(get.Port?.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : get.Port?.Value is { } name ? WorkloadFront.NamedPort(_workload.Template, name)?.ContainerPort : null;
        return ports.FirstOrDefault(port => (port.TargetPort ?? port.Port) == target);
    }

    private IReadOnlyList<ServiceDependency> DependsOn()
    {
        var ns = calls.Candidate.Service.Namespace;
        var callees = dependencies.GroupBy(call => call.Callee).OrderBy(group => group.Key, ObjectKey.ListOrder).ToList();
        for (var i = 0; i < callees.Count; i++)
        {
            Tell($"spec.dependsOn[{i}]", callees[i].Key.ToString(), string.Join("; ", callees[i].Select(call => call.Source).Distinct(StringComparer.Ordinal)));
        }

        return [.. callees.Select(group => new ServiceDependency { Name = group.Key.Name, Namespace = group.Key.Namespace == ns ? "" : group.Key.Namespace })];
    }

    private IReadOnlyList<Datastore> Datastores()
    {
        var stores = new List<Datastore>();
        foreach (var destination in calls.Destinations.Where(destination => destination.Engine is not null).DistinctBy(destination => destination.Target.Variable))
        {
            var (target, engine) = (destination.Target, destination.Engine!);
            var port = target.Port ?? engine.Port;
            if (stores.Exists(store => store.Engine == engine.Name && store.Host == target.Host && store.Port == port))
            {
                continue; // told twice, as a URL and in parts
            }

            var (name, told) = DatastoreName(destination, stores);
            stores.Add(new Datastore { Name = name, Engine = engine.Name, Host = target.Host, Port = port });
            Tell($"spec.datastores[{stores.Count - 1}]", $"{name} ({engine.Name}) at {target.Host}:{port}", target.Port is null ? $"{told}; its port is {engine.Name}'s own" : told);
        }

        return stores;
    }

    private (string Name, string Source) DatastoreName(CallDestination destination, List<Datastore> stores)
    {
        var target = destination.Target;
        string[] names = [$"{target.Subject}_DATABASE", $"{target.Subject}_DB", $"{target.Subject}_DBNAME", $"{target.Subject}_NAME"];
        var told = calls.Variables.FirstOrDefault(variable => variable.Value is { Length: > 0 } && names.Contains(variable.Name, StringComparer.OrdinalIgnoreCase));
        var isNamedByPath = target.Path.Trim('/') is { Length: > 0 } path && !path.Contains('/', StringComparison.Ordinal) && !path.All(char.IsAsciiDigit);
        var name = told?.Value ?? (isNamedByPath ? target.Path.Trim('/') : destination.Front?.Name ?? target.Host.Split('.')[0]);
        name = Free(name, stores.Select(store => store.Name));
        return (name, told is null ? target.Variable.Source : $"{target.Variable.Source}; its name from {told.Source}");
    }

    private IReadOnlyList<ExternalDependency> ExternalDependencies()
    {
        var found = new List<ExternalDependency>();
        foreach (var target in calls.Destinations.Where(destination => destination is { Front: null, Engine: null, Target.Port: not null }).Select(destination => destination.Target))
        {
            var name = Free(Lower(target.Subject), found.Select(item => item.Name));
            found.Add(new ExternalDependency { Name = name, Host = target.Host, Port = target.Port!.Value });
            Tell($"spec.externalDependencies[{found.Count - 1}]", $"{target.Host}:{target.Port}", target.Variable.Source);
        }

        return found;
    }

    private static string Free(string wanted, IEnumerable<string> taken)
    {
        var name = wanted.Length > LongestName - 4 ? wanted[..(LongestName - 4)] : wanted;
        var others = taken.ToHashSet(StringComparer.Ordinal);
        return others.Contains(name) ? Enumerable.Range(2, others.Count).Select(i => $"{name}-{i}").First(free => !others.Contains(free)) : name;
    }

#pragma warning disable CA1308 // names of services are lower case
    private static string Lower(string subject) => subject.Replace('_', '-').ToLowerInvariant();
#pragma warning restore CA1308

    private string Tell(string field, string value, string source)
    {
        _derivations.Add(new(field, value, source));
        return value;
    }
}
