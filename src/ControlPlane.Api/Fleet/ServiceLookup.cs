using ControlPlane.Kubernetes.Resources;
using Operators.Cluster;

namespace ControlPlane.Api.Fleet;

/// <summary>Tells which service something in the cluster belongs to.</summary>
public sealed class ServiceLookup(FleetCaches caches)
{
    /// <summary>The service that an event is about; null when it is about none.</summary>
    public ObjectKey? Of(EventSubjectView subject)
    {
        ArgumentNullException.ThrowIfNull(subject);
        var key = new ObjectKey(subject.Namespace, subject.Name);
        if (subject.Kind == ManagedService.ResourceType.Kind)
        {
            return key;
        }

        return subject.Kind switch
        {
            "Pod" => caches.Pods.Cache.Find(key)?.Workload is { } workload ? Of(workload) : null,
            "ReplicaSet" => subject.Name.LastIndexOf('-') is > 0 and var hash ? Of(new WorkloadKey("Deployment", key with { Name = subject.Name[..hash] })) : null,
            _ => Of(new WorkloadKey(subject.Kind, key)),
        };
    }

    /// <summary>The service whose pods a workload runs; null when it is no service's.</summary>
    public ObjectKey? Of(WorkloadKey workload)
    {
        foreach (var informer in caches.OwnedInformers.Where(informer => informer.Type.Kind == workload.Kind))
        {
            if (informer.Cache.Find(workload.Key) is { } owned)
            {
                return FleetCaches.ServiceOf(owned);
            }
        }

        return caches.ServicesByWorkloadRef.Get(workload.ToString()) is [var adopting, ..] ? adopting.Metadata.Key : null;
    }
}
