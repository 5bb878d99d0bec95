using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using ControlPlane.Api.Access;
using ControlPlane.Api.Commands;
using ControlPlane.Api.Problems;
using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Resources;
using Operators.Cluster;

namespace ControlPlane.Api.Onboarding;

/// <summary>What came of handing a workload over.</summary>
/// <param name="HandedOver">True when the new declaration was applied; the operators do the rest within seconds.</param>
/// <param name="Preview">What was applied, or why nothing was.</param>
public sealed record HandOverOutcome(bool HandedOver, HandOverPreview Preview);

/// <summary>
/// Hands an adopted workload over to the operator: the new declaration is applied under the console's field manager. Cut off between the two
/// writes, it leaves the service as it was, with the console on record for its spec.
/// </summary>
public sealed class HandOverCommand(HandOverQuery query, KubeApi api, FleetCaches caches, CommandGate gate)
{
    private static readonly WriteOptions Write = new() { FieldManager = FleetApi.ConsoleFieldManager };

    /// <summary>Hands over, unless the preview refuses.</summary>
    /// <param name="service">The service that adopts the workload.</param>
    /// <param name="fingerprint">Of the declaration that was looked at; null to take what it is now.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="RequestException">The declaration would no longer be the one that was looked at.</exception>
    /// <exception cref="KubeApiException">There is no such service, or the API refuses.</exception>
    public Task<HandOverOutcome> HandOverAsync(ObjectKey service, string? fingerprint, CancellationToken cancellationToken) =>
        gate.RunAsync(
            new Command(Permissions.HandOver, new CommandSubject(ManagedService.ResourceType.Kind, service.Namespace, service.Name) { Team = caches.Services.Cache.Find(service)?.Spec.Owner.Team }),
            (_, cancel) => RunAsync(service, fingerprint, cancel),
            cancellationToken);

    private async Task<HandOverOutcome> RunAsync(ObjectKey service, string? fingerprint, CancellationToken cancellationToken)
    {
        var preview = await query.PreviewAsync(service, cancellationToken);
        if (!preview.IsPossible)
        {
            return new(HandedOver: false, preview);
        }

        var declaration = preview.Declaration!;
        if (fingerprint is not null && fingerprint != declaration.Fingerprint)
        {
            throw new RequestException(
                HttpStatusCode.PreconditionFailed, "If-Match", "what runs was changed since it was looked at: look at the new preview, then hand over");
        }

        var stored = JsonNode.Parse(await api.GetBytesAsync(ManagedService.ResourceType, service, cancellationToken))!.AsObject();
        if (SpecClaim.Patch(stored, FleetApi.ConsoleFieldManager) is { } claim)
        {
            await api.JsonPatchAsync(ManagedService.ResourceType, service, claim, Write, cancellationToken);
        }

        var body = JsonSerializer.SerializeToUtf8Bytes(declaration.Manifest, KubeJson.Options);
        await api.ApplyAsync(ManagedService.ResourceType, service, body, Write with { Force = true, FieldValidation = "Strict" }, cancellationToken);
        return new(HandedOver: true, preview);
    }
}
