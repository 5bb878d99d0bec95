using System.Collections.Concurrent;
using System.Text.Json;
using ControlPlane.Kubernetes.Resources;

namespace ControlPlane.Kubernetes.Client;

/// <summary>Finds where a Kubernetes API serves a kind, from its discovery documents. What was found is kept; what was not is asked again.</summary>
public sealed class ApiDiscovery(KubeApi api)
{
    private readonly ConcurrentDictionary<(string ApiVersion, string Kind), ResourceType> _known = [];

    /// <summary>The resource that serves a kind; null when the API does not serve it.</summary>
    public async Task<ResourceType?> FindAsync(string apiVersion, string kind, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue((apiVersion, kind), out var known))
        {
            return known;
        }

        foreach (var type in await ListAsync(apiVersion, cancellationToken))
        {
            _known[(apiVersion, type.Kind)] = type;
        }

        return _known.GetValueOrDefault((apiVersion, kind));
    }

    private async Task<IReadOnlyList<ResourceType>> ListAsync(string apiVersion, CancellationToken cancellationToken)
    {
        var parts = apiVersion.Split('/');
        var (group, version) = parts.Length == 2 ? (parts[0], parts[1]) : ("", parts[0]);
        try
        {
            var path = group.Length == 0 ? $"/api/{Uri.EscapeDataString(version)}" : $"/apis/{Uri.EscapeDataString(group)}/{Uri.EscapeDataString(version)}";
            var list = JsonSerializer.Deserialize<ResourceList>(await api.GetRawAsync(path, cancellationToken), KubeJson.Options);
            return [.. (list?.Resources ?? [])
                .Where(resource => !resource.Name.Contains('/', StringComparison.Ordinal)) // subresources
                .Select(resource => new ResourceType(group, version, resource.Name, resource.Kind, resource.Namespaced))];
        }
        catch (KubeApiException e) when (e.IsNotFound)
        {
            return [];
        }
    }

    private sealed record ResourceList
    {
        /// <summary>Null is how Go writes an empty list.</summary>
        public IReadOnlyList<Resource>? Resources { get; init; }
    }

    private sealed record Resource
    {
        public string Name { get; init; } = "";

        public string Kind { get; init; } = "";

        public bool Namespaced { get; init; }
    }
}
