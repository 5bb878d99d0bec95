using ControlPlane.Kubernetes.Resources;
using k8s.Models;
using Operators.Cluster;
using Operators.Onboarding.Existing;
using Operators.Registry.Baseline;

namespace Operators.Onboarding.Calls;

/// <summary>Finds the service, proposed or declared, behind a name or behind pods.</summary>
internal sealed class ServiceDirectory
{
    private readonly ExistingObjects _existing;
    private readonly List<Entry> _entries = [];
    private readonly HashSet<string> _namespaces;

    public ServiceDirectory(ExistingObjects existing, IReadOnlyList<AdoptionCandidate> candidates, IReadOnlyCollection<ManagedService> fleet)
    {
        _existing = existing;
        foreach (var candidate in candidates)
        {
            _entries.Add(new(
                candidate.Service,
                [.. candidate.Fronts.Select(front => new ObjectKey(front.Metadata.NamespaceProperty, front.Metadata.Name))],
                candidate.Workload.PodLabels,
                candidate.Fronts.SelectMany(front => front.Spec.Ports ?? []).Select(port => (port.Port, WorkloadFront.TargetOf(port, candidate.Workload.Template)))));
        }

        foreach (var service in fleet)
        {
            var workload = service.Spec.Workload;
            _entries.Add(new(
                service.Metadata.Key,
                [FleetCaches.FrontKey(service)],
                workload is { Template: null } ? BaselineMetadata.PodLabels(service) : PodsOf(service),
                workload is null ? [] : WorkloadPorts.Of(workload).Select(port => (port.Port, (int?)port.Target()))));
        }

        _namespaces = [.. _entries.Select(entry => entry.Service.Namespace)];
    }

    /// <summary>True when services live in a namespace of that name.</summary>
    public bool IsNamespace(string name) => _namespaces.Contains(name);

    /// <summary>The service behind a Service of the cluster; null when none is known.</summary>
    public ObjectKey? Behind(ObjectKey front) => _entries.Find(entry => entry.Fronts.Contains(front))?.Service;

    /// <summary>The services whose pods a peer of a network policy stands for.</summary>
    public IEnumerable<ObjectKey> Behind(V1NetworkPolicyPeer peer, string ownNamespace) =>
        _entries.Where(entry => Selects(peer, ownNamespace, entry.Service.Namespace, entry.Pods)).Select(entry => entry.Service);

    /// <summary>Labels of a service's pods; null when they are not known.</summary>
    public IDictionary<string, string>? PodsOf(ObjectKey service) => _entries.Find(entry => entry.Service == service)?.Pods;

    /// <summary>Port of a service's pods that a port of its Service leads to; the same where that is not known.</summary>
    public int? PodPort(ObjectKey service, int? port) =>
        _entries.Find(entry => entry.Service == service)?.Ports.FirstOrDefault(pair => pair.Port == port).Target ?? port;

    /// <summary>Whether a peer of a network policy stands for pods with these labels.</summary>
    public bool Selects(V1NetworkPolicyPeer peer, string ownNamespace, string ns, IDictionary<string, string>? pods)
    {
        if (peer.IpBlock is not null)
        {
            return false;
        }

        var inNamespace = peer.NamespaceSelector is { } namespaces ? namespaces.Selects(_existing.LabelsOfNamespace(ns)) : ns == ownNamespace;
        return inNamespace && (peer.PodSelector is null || (pods is not null && peer.PodSelector.Selects(pods)));
    }

    private IDictionary<string, string>? PodsOf(ManagedService service)
    {
        var workload = FleetCaches.WorkloadKeyOf(service);
        return _existing.Workloads.Find(item => item.Reference.Kind == workload.Kind && item.Reference.Key == workload.Key)?.PodLabels;
    }

    private sealed record Entry(ObjectKey Service, IReadOnlyList<ObjectKey> Fronts, IDictionary<string, string>? Pods, IEnumerable<(int Port, int? Target)> Ports);
}
