using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Resources;

namespace Operators.Onboarding.Existing;

/// <summary>Reads what runs in a namespace, for onboarding. Reads only; values of Secrets are wiped from memory at once.</summary>
public sealed class NamespaceReader(KubeApi api)
{
    private static readonly ResourceType Secrets = new("", "v1", "secrets", "Secret");

    private static readonly IReadOnlyList<ResourceType> Kinds =
    [
        KnownResources.Deployments,
        KnownResources.StatefulSets,
        KnownResources.DaemonSets,
        KnownResources.Services,
        KnownResources.HorizontalPodAutoscalers,
        KnownResources.PodDisruptionBudgets,
        KnownResources.NetworkPolicies,
        KnownResources.Roles,
        KnownResources.ConfigMaps,
    ];

    /// <summary>Reads the namespace. Secrets and nodes that we may not list are left unknown.</summary>
    /// <exception cref="KubeApiException">The API refuses to list another kind.</exception>
    public async Task<ExistingObjects> ReadAsync(string ns, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(ns);
        var existing = new ExistingObjects(ObjectOrigin.Cluster);
        foreach (var kind in Kinds)
        {
            await foreach (var page in PagesAsync(kind, ns, cancellationToken))
            {
                AddItems(existing, kind, page);
            }
        }

        var own = await api.GetBytesAsync(KnownResources.Namespaces, new("", ns), cancellationToken);
        existing.Add(JsonNode.Parse(own)!.AsObject(), ns);
        await IfAllowedAsync(KnownResources.Nodes, ns: null, page => AddItems(existing, KnownResources.Nodes, page), cancellationToken);
        await IfAllowedAsync(Secrets, ns, page => TakeSecrets(existing, page), cancellationToken);
        return existing;
    }

    private async Task IfAllowedAsync(ResourceType kind, string? ns, Action<byte[]> take, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var page in PagesAsync(kind, ns, cancellationToken))
            {
                take(page);
            }
        }
        catch (KubeApiException e) when (e.StatusCode == HttpStatusCode.Forbidden)
        {
            // The plan does without them.
        }
    }

    private async IAsyncEnumerable<byte[]> PagesAsync(ResourceType kind, string? ns, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? next = null;
        do
        {
            var page = await api.ListPageAsync(kind, new ListQuery { Namespace = ns, Continue = next }, cancellationToken);
            using var document = JsonDocument.Parse(page);
            next = document.RootElement.TryGetProperty("metadata", out var metadata) && metadata.TryGetProperty("continue", out var token) ? token.GetString() : null;
            yield return page;
        }
        while (!string.IsNullOrEmpty(next));
    }

    private static void AddItems(ExistingObjects existing, ResourceType kind, byte[] page)
    {
        foreach (var item in (JsonNode.Parse(page)!["items"] as JsonArray ?? []).OfType<JsonObject>())
        {
            // Items of a list do not say their kind.
            item["apiVersion"] = kind.ApiVersion;
            item["kind"] = kind.Kind;
            existing.Add(item, "");
        }
    }

    private static void TakeSecrets(ExistingObjects existing, byte[] page)
    {
        try
        {
            existing.Secrets.AddRange(SecretKeys.ReadList(page));
        }
        finally
        {
            Array.Clear(page);
        }
    }
}
