using LocalCluster.Admission;
using LocalCluster.Cel;
using LocalCluster.Errors;
using LocalCluster.Registry;
using LocalCluster.Resources;
using LocalCluster.Storage;

namespace LocalCluster.Quotas;

/// <summary>Refuses objects that would use more than a quota of their namespace allows, and books what they use.</summary>
/// <param name="client">Changes quotas; made when it is first needed, since it needs the admission itself.</param>
internal sealed class QuotaAdmission(Lazy<LocalClient> client) : IAdmissionPlugin
{
    private const string Quotas = "resourcequotas";

    /// <inheritdoc/>
    public async Task ClaimAsync(AdmissionRequest request)
    {
        if (!request.Resource.Type.Namespaced || request.Operation == AdmissionOperation.Delete || request.Subresource.Length > 0)
        {
            return;
        }

        foreach (var stored in request.Context.Snapshot.Table(Quotas).Range(request.Object.Namespace))
        {
            var quota = KubeObject.Parse(stored);
            var growth = Growth(quota, request);
            if (growth.Count > 0)
            {
                await ClaimAsync(stored, growth, request);
            }
        }
    }

    /// <summary>What a request uses more than before, of what the quota limits.</summary>
    private static Dictionary<string, Quantity> Growth(KubeObject quota, AdmissionRequest request)
    {
        var resource = request.Resource.StorageName;
        var before = request.Old is { } old && QuotaScopes.Match(quota, resource, old) ? QuotaUsage.Of(resource, old) : new Dictionary<string, Quantity>();
        var after = QuotaScopes.Match(quota, resource, request.Object) ? QuotaUsage.Of(resource, request.Object) : new Dictionary<string, Quantity>();
        if (request.Operation == AdmissionOperation.Create && after.Count > 0 && resource == "pods")
        {
            CheckComplete(quota, request);
        }

        var growth = new Dictionary<string, Quantity>();
        foreach (var (name, _) in quota.Json.At("spec.hard") as System.Text.Json.Nodes.JsonObject ?? [])
        {
            var zero = Quantity.FromInteger(0);
            var difference = after.GetValueOrDefault(name, zero) - before.GetValueOrDefault(name, zero);
            if (difference.Sign > 0)
            {
                growth[name] = difference;
            }
        }

        return growth;
    }

    // A quota of CPU or memory can only be kept when every container says what it needs.
    private static void CheckComplete(KubeObject quota, AdmissionRequest request)
    {
        var missing = new List<string>();
        foreach (var (name, _) in quota.Json.At("spec.hard") as System.Text.Json.Nodes.JsonObject ?? [])
        {
            var (part, resource) = name switch
            {
                "cpu" or "memory" => ("requests", name),
                "requests.cpu" or "requests.memory" => ("requests", name["requests.".Length..]),
                "limits.cpu" or "limits.memory" => ("limits", name["limits.".Length..]),
                _ => ("", ""),
            };
            var lacking = request.Object.Json.Items("spec.containers").Concat(request.Object.Json.Items("spec.initContainers"))
                .Where(c => part.Length > 0 && (c.At($"resources.{part}") as System.Text.Json.Nodes.JsonObject)?[resource] is null)
                .Select(c => c.Text("name")).ToList();
            if (lacking.Count > 0)
            {
                missing.Add($"{name} for: {string.Join(',', lacking)}");
            }
        }

        if (missing.Count > 0)
        {
            throw StatusErrors.Forbidden(
                request.Resource.Type, request.Object.Name, $"failed quota: {quota.Name}: must specify {string.Join("; ", missing)}");
        }
    }

    private async Task ClaimAsync(StoredObject stored, Dictionary<string, Quantity> growth, AdmissionRequest request)
    {
        if (request.Context.Request.DryRun)
        {
            Book(KubeObject.Parse(stored), growth, request);
            return;
        }

        await client.Value.UpdateAsync(Quotas, stored.Key, "status", quota => Book(quota, growth, request));
    }

    private static void Book(KubeObject quota, Dictionary<string, Quantity> growth, AdmissionRequest request)
    {
        var status = quota.Json.ObjectAt("status");
        var used = status.ObjectAt("used");
        var exceeded = new List<(string Name, Quantity Requested, Quantity Used, Quantity Hard)>();
        foreach (var (name, amount) in growth.OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var hard = QuotaUsage.Read(quota.Json.ObjectAt("spec.hard")[name]);
            var now = QuotaUsage.Read(used[name]);
            if (Quantity.Compare(now + amount, hard) > 0)
            {
                exceeded.Add((name, amount, now, hard));
            }

            used[name] = (now + amount).ToString();
        }

        if (exceeded.Count > 0)
        {
            throw StatusErrors.Forbidden(
                request.Resource.Type,
                request.Object.Name,
                $"exceeded quota: {quota.Name}, requested: {Show(exceeded, e => e.Requested)}, used: {Show(exceeded, e => e.Used)}, limited: {Show(exceeded, e => e.Hard)}");
        }
    }

    private static string Show(
        IEnumerable<(string Name, Quantity Requested, Quantity Used, Quantity Hard)> exceeded,
        Func<(string Name, Quantity Requested, Quantity Used, Quantity Hard), Quantity> amount) =>
        string.Join(",", exceeded.Select(e => $"{e.Name}={amount(e)}"));
}
