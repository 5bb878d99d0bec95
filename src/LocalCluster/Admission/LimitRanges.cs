using System.Text.Json.Nodes;
using LocalCluster.Cel;
using LocalCluster.Errors;
using LocalCluster.Quotas;
using LocalCluster.Resources;

namespace LocalCluster.Admission;

/// <summary>What the LimitRanges of a namespace say: what containers get that ask for nothing, and what they may ask for.</summary>
internal sealed class LimitRanges : IAdmissionPlugin
{
    /// <inheritdoc/>
    public void Mutate(AdmissionRequest request)
    {
        if (request is not { Operation: AdmissionOperation.Create, Resource.StorageName: "pods" })
        {
            return;
        }

        foreach (var limit in Limits(request, "Container"))
        {
            foreach (var container in Containers(request).OfType<JsonObject>())
            {
                Complete(container, "limits", limit["default"] as JsonObject);
                Complete(container, "requests", limit["defaultRequest"] as JsonObject);
            }
        }
    }

    /// <inheritdoc/>
    public void Validate(AdmissionRequest request)
    {
        if (request is not { Operation: AdmissionOperation.Create, Resource.StorageName: "pods" })
        {
            return;
        }

        var faults = Limits(request, "Container").SelectMany(limit => Containers(request).SelectMany(c => Check(limit, c))).ToList();
        if (faults.Count > 0)
        {
            var list = faults.Count == 1 ? faults[0] : $"[{string.Join(", ", faults)}]";
            throw StatusErrors.Forbidden(request.Resource.Type, request.Object.Name, list);
        }
    }

    private static IEnumerable<JsonNode> Limits(AdmissionRequest request, string type) =>
        request.Context.Snapshot.Table("limitranges").Range(request.Object.Namespace).Select(KubeObject.Parse)
            .SelectMany(l => l.Json.Items("spec.limits")).Where(l => l.Text("type") == type);

    private static IEnumerable<JsonNode> Containers(AdmissionRequest request) =>
        request.Object.Json.Items("spec.containers").Concat(request.Object.Json.Items("spec.initContainers"));

    private static void Complete(JsonObject container, string part, JsonObject? defaults)
    {
        foreach (var (resource, amount) in defaults ?? [])
        {
            container.ObjectAt($"resources.{part}")[resource] ??= amount?.DeepClone();
        }
    }

    private static IEnumerable<string> Check(JsonNode limit, JsonNode container)
    {
        foreach (var (resource, minimum) in limit["min"] as JsonObject ?? [])
        {
            var request = (container.At("resources.requests") as JsonObject)?[resource];
            if (request is null)
            {
                yield return $"minimum {resource} usage per Container is {minimum}.  No request is specified";
            }
            else if (Quantity.Compare(QuotaUsage.Read(request), QuotaUsage.Read(minimum)) < 0)
            {
                yield return $"minimum {resource} usage per Container is {minimum}, but request is {request}";
            }
        }

        foreach (var (resource, maximum) in limit["max"] as JsonObject ?? [])
        {
            var given = (container.At("resources.limits") as JsonObject)?[resource];
            if (given is null)
            {
                yield return $"maximum {resource} usage per Container is {maximum}.  No limit is specified";
            }
            else if (Quantity.Compare(QuotaUsage.Read(given), QuotaUsage.Read(maximum)) > 0)
            {
                yield return $"maximum {resource} usage per Container is {maximum}, but limit is {given}";
            }
        }
    }
}
