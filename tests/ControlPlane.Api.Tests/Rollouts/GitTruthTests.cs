using ControlPlane.Api.Rollouts;
using ControlPlane.Kubernetes.Resources;

namespace ControlPlane.Api.Tests.Rollouts;

public sealed class GitTruthTests
{
    private static readonly ManagedService FromGit = new() { Metadata = new() { Name = "order", Namespace = "shop", Annotations = new Dictionary<string, string> { ["argocd.argoproj.io/tracking-id"] = "shop:fleet.dabbawala.dev/ManagedService:shop/order" } } };

    [Fact]
    public void After_a_rollback_it_says_what_to_commit_and_where()
    {
        var truth = GitTruth.Of(Rollout.Failed(), static _ => FromGit).Single();

        Assert.Equal((DeclaredState.Failed, "fleet/order:2.0.0", "fleet/order:1.0.0", "Argo CD application shop"), (truth.State, truth.Declared, truth.Running, truth.Source));
        Assert.Equal(
            "Git (Argo CD application shop) says fleet/order:2.0.0, users have fleet/order:1.0.0: it failed and is not tried again by itself: commit the patch, or a version that is well", truth.Message);
        Assert.Equal(
            "apiVersion: fleet.dabbawala.dev/v1alpha1\nkind: ManagedService\nmetadata:\n  name: order\n  namespace: shop\nspec:\n  workload:\n    image: fleet/order:1.0.0\n", truth.Patch);
        Assert.Equal(" spec:\n   workload:\n-    image: fleet/order:2.0.0\n+    image: fleet/order:1.0.0\n", truth.Diff);
    }

    [Fact]
    public void While_it_is_on_its_way_that_is_no_failure()
    {
        var truth = GitTruth.Of(Rollout.OnItsWay(), static _ => null).Single();

        Assert.Equal((DeclaredState.OnItsWay, null as string), (truth.State, truth.Source));
        Assert.StartsWith("the declaration says fleet/order:2.0.0, users have fleet/order:1.0.0: it is on its way", truth.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_something_else_than_the_image_differs_no_patch_of_the_image_is_offered()
    {
        var truth = GitTruth.Of(Rollout.Failed().With(static status => status with { Members = [status.Members[0] with { DeclaredImage = "fleet/order:1.0.0" }] }), static _ => null).Single();

        Assert.Equal((DeclaredState.Failed, null as string, null as string), (truth.State, truth.Patch, truth.Diff));
        Assert.Contains("revert the last change of spec.workload", truth.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_users_have_as_declared_needs_nothing()
    {
        var truth = GitTruth.Of(Rollout.OnItsWay().With(static status => status with { Members = [status.Members[0] with { Stable = "r2" }] }), static _ => null).Single();

        Assert.Equal((DeclaredState.Same, null as string), (truth.State, truth.Patch));
    }
}
