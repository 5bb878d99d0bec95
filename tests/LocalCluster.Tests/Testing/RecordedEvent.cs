using ControlPlane.Kubernetes.Resources;
using k8s.Models;

namespace LocalCluster.Tests.Testing;

/// <summary>An event as people see it.</summary>
internal sealed record RecordedEvent : IKubeObject
{
    public ObjectMeta Metadata { get; init; } = new();

    public V1ObjectReference? Regarding { get; init; }

    public string Type { get; init; } = "";

    public string Reason { get; init; } = "";

    public string Note { get; init; } = "";

    /// <summary>True when it is about the object of this name and for this reason.</summary>
    public bool Is(string name, string reason) => Regarding?.Name == name && Reason == reason;
}
