using System.Net;
using System.Text.Json.Nodes;
using ControlPlane.Api.Problems;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Resources;

namespace ControlPlane.Api.Traffic.Editing;

/// <summary>The fields of policies, from the cluster that would take them: its description of the API group, which everybody may read there.</summary>
public sealed class PolicySchemas(KubeApi api)
{
    private const string Address = $"/openapi/v3/apis/{FleetApi.Group}/{FleetApi.Version}";

    /// <summary>The spec of a kind of policy.</summary>
    /// <exception cref="RequestException">The cluster does not serve the kind.</exception>
    /// <exception cref="KubeApiException">The API refuses, or can't be reached.</exception>
    public async Task<SchemaField> SpecOfAsync(ResourceType type, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(type);
        var described = JsonNode.Parse(await api.GetRawAsync(Address, cancellationToken))?["components"]?["schemas"]?.AsObject();
        var schema = described?.Select(static entry => entry.Value as JsonObject).FirstOrDefault(item => item?["x-kubernetes-group-version-kind"] is JsonArray kinds
            && kinds.Any(kind => (string?)kind?["kind"] == type.Kind && (string?)kind["group"] == type.Group));
        return schema?["properties"]?["spec"] is JsonObject spec
            ? SchemaField.Read("spec", spec, isRequired: true)
            : throw new RequestException(HttpStatusCode.NotFound, "kind", $"the cluster does not serve {type.QualifiedName}");
    }
}
