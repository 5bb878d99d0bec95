using System.Text.Json.Nodes;
using ControlPlane.Api.Manifests;

namespace ControlPlane.Api.Tests.Manifests;

public sealed class GitOpsOwnerTests
{
    [Theory]
    [InlineData("""{"annotations":{"argocd.argoproj.io/tracking-id":"shop:apps/Deployment:shop/cart"}}""", "Argo CD application shop")]
    [InlineData("""{"labels":{"argocd.argoproj.io/instance":"shop"}}""", "Argo CD application shop")]
    [InlineData("""{"labels":{"kustomize.toolkit.fluxcd.io/name":"shop"}}""", "Flux Kustomization shop")]
    [InlineData("""{"labels":{"helm.toolkit.fluxcd.io/name":"shop"}}""", "Flux HelmRelease shop")]
    [InlineData("""{"managedFields":[{"manager":"kubectl"},{"manager":"argocd-controller"}]}""", "Argo CD")]
    [InlineData("""{"managedFields":[{"manager":"kustomize-controller"}]}""", "Flux")]
    [InlineData("""{"labels":{"app.kubernetes.io/instance":"shop"},"managedFields":[{"manager":"kubectl"}]}""", null)]
    [InlineData("{}", null)]
    public void The_keeper_is_known_by_its_marks_or_by_its_writes(string metadata, string? keeper) =>
        Assert.Equal(keeper, GitOpsOwner.Of(new JsonObject { ["metadata"] = JsonNode.Parse(metadata) }));
}
