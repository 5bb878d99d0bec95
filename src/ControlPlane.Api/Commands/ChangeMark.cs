using System.Globalization;
using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Resources;

namespace ControlPlane.Api.Commands;

/// <summary>
/// Notes on a declaration which change made it (<see cref="FleetApi.ChangeAnnotation"/>). It travels with the write itself, so it costs none of
/// its own; and it counts for one generation only, so that a later edit by somebody else is not put down to whoever came before.
/// </summary>
internal static class ChangeMark
{
    /// <summary>Marks a declaration that is about to be written.</summary>
    /// <param name="declaration">The declaration; nothing else is marked than services.</param>
    /// <param name="after">What the API server said that it would store.</param>
    /// <param name="correlationId">The change.</param>
    public static void Put(JsonObject declaration, JsonObject? after, string correlationId)
    {
        if ((string?)declaration["kind"] != ManagedService.ResourceType.Kind || after?["metadata"]?["generation"] is not { } generation)
        {
            return;
        }

        var metadata = declaration["metadata"]!.AsObject();
        if (metadata["annotations"] is not JsonObject annotations)
        {
            metadata["annotations"] = annotations = [];
        }

        annotations[FleetApi.ChangeAnnotation] = $"{generation}.{correlationId}";
    }

    /// <summary>The change that made the service what it is; null when it was not made in the console.</summary>
    public static string? Of(ManagedService service)
    {
        var generation = string.Create(CultureInfo.InvariantCulture, $"{service.Metadata.Generation}.");
        return service.Metadata.Annotations.GetValueOrDefault(FleetApi.ChangeAnnotation) is { } mark && mark.StartsWith(generation, StringComparison.Ordinal)
            ? mark[generation.Length..]
            : null;
    }
}
