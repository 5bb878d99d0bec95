using System.Text.Json.Nodes;
using ControlPlane.Api.Audit.Recording;
using ControlPlane.Api.Commands;
using ControlPlane.Api.Plans;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Manifests;
using ControlPlane.Kubernetes.Resources;
using Operators.Cluster;

namespace ControlPlane.Api.Manifests;

/// <summary>
/// Says what manifests would change, and whose it is. A service that would pass from one team or tier to another counts as both: who may change
/// it for one of them only, may not.
/// </summary>
public sealed class ManifestSubjects(ApiDiscovery discovery, FleetCaches caches)
{
    /// <summary>The subjects of manifests, in their order.</summary>
    public async Task<IReadOnlyList<CommandSubject>> OfAsync(IReadOnlyList<ManifestDocument> manifests, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(manifests);
        var subjects = new List<CommandSubject>();
        foreach (var manifest in manifests)
        {
            var type = await discovery.FindAsync(manifest.ApiVersion, manifest.Kind, cancellationToken);
            subjects.AddRange(Of(manifest, type, type is null ? manifest.Key : ManifestJudge.KeyOf(manifest, type)));
        }

        return subjects;
    }

    private IEnumerable<CommandSubject> Of(ManifestDocument manifest, ResourceType? type, ObjectKey key)
    {
        var subject = new CommandSubject(manifest.Kind, key.Namespace, key.Name) { Wanted = RecordedState.Of(manifest.Json) };
        if (type != ManagedService.ResourceType)
        {
            return [subject];
        }

        var live = caches.Services.Cache.Find(key)?.Spec;
        var spec = manifest.Json["spec"] as JsonObject;
        var declared = subject with
        {
            Team = Text(spec?["owner"] as JsonObject, "team") ?? live?.Owner.Team,
            Tier = Text(spec, "tier") ?? (live?.Tier ?? ServiceTier.Standard).ToString(),
            Frameworks = Frameworks(spec) ?? live?.Compliance?.Frameworks ?? [],
        };
        return live is null || (live.Owner.Team == declared.Team && live.Tier.ToString() == declared.Tier)
            ? [declared]
            : [declared, declared with { Team = live.Owner.Team, Tier = live.Tier.ToString() }];
    }

    private static IReadOnlyList<string>? Frameworks(JsonObject? spec) =>
        ((spec?["compliance"] as JsonObject)?["frameworks"] as JsonArray)?.OfType<JsonValue>().Select(value => value.ToString()).ToList();

    private static string? Text(JsonObject? item, string field) => item?[field] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
