using ControlPlane.Kubernetes.Events;
using ControlPlane.Kubernetes.Resources;
using LocalCluster.Workloads;

namespace LocalCluster.NodeAgent.Pods;

/// <summary>Tells people about one pod, in a kubelet's name and words.</summary>
/// <param name="recorder">Writes events.</param>
/// <param name="pod">The pod.</param>
internal sealed class PodEvents(EventRecorder recorder, Pod pod)
{
    private readonly EventSubject _subject = new(KnownResources.Pods, pod.Metadata.Key, pod.Metadata.Uid);

    public void Normal(string reason, string note) => recorder.Record(new EventNote(_subject, EventSeverity.Normal, reason, reason, note));

    public void Warning(string reason, string note) => recorder.Record(new EventNote(_subject, EventSeverity.Warning, reason, reason, note));
}
