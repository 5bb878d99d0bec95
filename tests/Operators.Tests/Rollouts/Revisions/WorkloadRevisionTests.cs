using ControlPlane.Kubernetes.Resources.Rollouts;
using Operators.Rollouts.Revisions;
using Operators.Tests.Testing;

namespace Operators.Tests.Rollouts.Revisions;

public sealed class WorkloadRevisionTests
{
    [Fact]
    public void Another_image_is_another_revision_and_the_same_again_the_first()
    {
        var (first, second, again) = (Revision("1.0.0"), Revision("1.1.0"), Revision("1.0.0"));

        Assert.NotEqual(first.Name, second.Name);
        Assert.Equal(first.Name, again.Name);
        Assert.Equal("fleet/order:1.1.0", second.Image);
    }

    [Fact]
    public void The_number_of_instances_is_no_part_of_a_revision()
    {
        var service = Samples.Service("order");

        Assert.Equal(WorkloadRevision.Of(service).Name, WorkloadRevision.Of(service.With(static workload => workload with { Replicas = 9 })).Name);
    }

    [Theory]
    [InlineData(Tracks.Stable)]
    [InlineData(Tracks.Canary)]
    public void A_revision_is_the_same_on_both_sides(string track)
    {
        var revision = Revision("1.0.0");

        var side = revision.On(track);

        Assert.Equal(track, (string?)side["metadata"]!["labels"]![Tracks.Label]);
        Assert.Equal(revision.Name, WorkloadRevision.Of(side).Name);
    }

    private static WorkloadRevision Revision(string version) => WorkloadRevision.Of(Samples.Service("order").With(workload => workload with { Image = $"fleet/order:{version}" }));
}
