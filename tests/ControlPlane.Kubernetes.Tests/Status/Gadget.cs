using ControlPlane.Kubernetes.Resources;

namespace ControlPlane.Kubernetes.Tests.Status;

/// <summary>A kind that has a status.</summary>
internal sealed record Gadget : CustomResource<GadgetSpec, GadgetStatus>
{
    public static ResourceType Type { get; } = new("test.dev", "v1", "gadgets", "Gadget");
}

internal sealed record GadgetSpec
{
    public int Size { get; init; }
}

internal sealed record GadgetStatus
{
    public int Ready { get; init; }

    public IReadOnlyList<Condition> Conditions { get; init; } = [];
}
