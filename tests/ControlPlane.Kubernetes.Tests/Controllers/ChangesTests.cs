using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Controllers;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Tests.Testing;

namespace ControlPlane.Kubernetes.Tests.Controllers;

public sealed class ChangesTests
{
    private static readonly ObjectMeta Meta = Widget.Of("a", 1).Metadata with
    {
        Generation = 1,
        Labels = new Dictionary<string, string> { ["app"] = "x", ["tier"] = "1" },
        Annotations = new Dictionary<string, string> { ["note"] = "x" },
        OwnerReferences = [new() { Kind = "Owner", Name = "o" }],
        Finalizers = ["f"],
    };

    public static TheoryData<string, ObjectMeta> Declarations { get; } = new()
    {
        { "uid", Meta with { Uid = "another" } },
        { "generation", Meta with { Generation = 2 } },
        { "deletion", Meta with { DeletionTimestamp = DateTimeOffset.UnixEpoch } },
        { "label changed", Meta with { Labels = new Dictionary<string, string> { ["app"] = "y", ["tier"] = "1" } } },
        { "label renamed", Meta with { Labels = new Dictionary<string, string> { ["app"] = "x", ["step"] = "1" } } },
        { "label removed", Meta with { Labels = new Dictionary<string, string> { ["app"] = "x" } } },
        { "annotation", Meta with { Annotations = new Dictionary<string, string> { ["note"] = "y" } } },
        { "owner", Meta with { OwnerReferences = [new() { Kind = "Owner", Name = "p" }] } },
        { "finalizer", Meta with { Finalizers = [] } },
    };

    [Theory]
    [MemberData(nameof(Declarations))]
    public void A_change_of_what_is_declared_matters(string what, ObjectMeta now) => Assert.True(Matters(Meta, now), what);

    [Fact]
    public void A_change_of_status_does_not_matter() => Assert.False(Matters(Meta, Meta with
    {
        ResourceVersion = "2",
        Labels = new Dictionary<string, string>(Meta.Labels.Reverse()),
        Annotations = new Dictionary<string, string>(Meta.Annotations),
        OwnerReferences = [.. Meta.OwnerReferences],
        Finalizers = [.. Meta.Finalizers],
    }));

    [Fact]
    public void Coming_and_going_matter()
    {
        Assert.True(Matters(null, Meta));
        Assert.True(Matters(Meta, null));
    }

    private static bool Matters(ObjectMeta? old, ObjectMeta? now) =>
        Changes.OfDeclaration(new CacheChange<Widget>(Of(old), Of(now), Initial: false));

    private static Widget? Of(ObjectMeta? metadata) => metadata is null ? null : new() { Metadata = metadata };
}
