using System.Text.Json.Nodes;
using ControlPlane.Api.Commands;
using ControlPlane.Kubernetes.Manifests;
using ControlPlane.Kubernetes.Resources;
using Operators.Cluster;

namespace ControlPlane.Api.Manifests;

/// <summary>
/// Tells to which teams what a manifest declares belongs: the one that has the service now, and the one that it names. Who may act for one team
/// alone can neither take a service from another nor give one away.
/// </summary>
public sealed class ManifestOwners(FleetCaches caches)
{
    private const string DefaultNamespace = "default";

    /// <summary>What a manifest changes, once for each team that is concerned.</summary>
    public IEnumerable<CommandSubject> Of(ManifestDocument manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        var subject = new CommandSubject(manifest.Kind, NamespaceOf(manifest), manifest.Key.Name);
        if (manifest.Kind != ManagedService.ResourceType.Kind)
        {
            return [subject];
        }

        var key = new ObjectKey(subject.Namespace, subject.Name);
        string?[] teams = [caches.Services.Cache.Find(key)?.Spec.Owner.Team, (manifest.Json["spec"]?["owner"] as JsonObject)?["team"]?.ToString()];
        return teams.OfType<string>().Distinct(StringComparer.Ordinal).DefaultIfEmpty("").Select(team => subject with { Team = team.Length > 0 ? team : null });
    }

    /// <summary>Where it would go; empty for what belongs to the whole cluster, as far as that can be told without asking it: then a role for all namespaces is wanted.</summary>
    private static string NamespaceOf(ManifestDocument manifest) =>
        manifest.Key.Namespace.Length > 0 ? manifest.Key.Namespace : manifest.Kind == ManagedService.ResourceType.Kind ? DefaultNamespace : "";
}
