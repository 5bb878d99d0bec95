using System.Text.Json.Nodes;
using LocalCluster.Resources;
using LocalCluster.Schemas;

namespace LocalCluster.Registry.Strategies;

/// <summary>CertificateSigningRequests: who asks is told by the request, and approval is a subresource of its own.</summary>
internal sealed class CertificateRequestStrategy : ObjectStrategy
{
    private static readonly string[] Decisions = ["Approved", "Denied"];

    /// <inheritdoc/>
    public override void PrepareForCreate(KubeObject obj, RegistryContext context)
    {
        var spec = obj.Json.ObjectAt("spec");
        var user = context.Request.User;
        spec["username"] = user.Name;
        spec["groups"] = new JsonArray([.. user.Groups.Select(g => JsonValue.Create(g))]);
        spec.Remove("uid");
        spec.Remove("extra");
        obj.Json["status"] = new JsonObject();
    }

    /// <inheritdoc/>
    public override void PrepareForUpdate(KubeObject obj, KubeObject old, RegistryContext context) => obj.Json["spec"] = old.Json["spec"]?.DeepClone();

    /// <inheritdoc/>
    public override void PrepareForSubresourceUpdate(string subresource, KubeObject obj, KubeObject old, RegistryContext context)
    {
        var status = (JsonObject)(old.Json["status"] ?? new JsonObject()).DeepClone();
        var given = obj.Json["status"] as JsonObject ?? [];
        if (subresource == "approval")
        {
            status["conditions"] = given["conditions"]?.DeepClone();
        }
        else
        {
            status = (JsonObject)given.DeepClone();
            status["conditions"] = WithDecisions(given, old);
        }

        if (status["conditions"] is null)
        {
            status.Remove("conditions");
        }

        obj.Json["spec"] = old.Json["spec"]?.DeepClone();
        obj.Json["status"] = status;
        SetTimes(status, old, KubeObject.FormatTime(context.Now));
    }

    /// <inheritdoc/>
    public override IEnumerable<FieldError> Validate(KubeObject obj, KubeObject? old, RegistryContext context)
    {
        if (obj.Json.Text("spec.request").Length == 0)
        {
            yield return FieldError.Invalid("spec.request", obj.Json.At("spec.request"), "PEM block type must be CERTIFICATE REQUEST");
        }

        var signer = obj.Json.Text("spec.signerName");
        if (signer.Length == 0)
        {
            yield return FieldError.Required("spec.signerName");
        }
        else if (signer.Split('/') is not [var domain, { Length: > 0 }] || NameRules.Dns1123Subdomain(domain) is not null || !domain.Contains('.'))
        {
            yield return FieldError.Invalid("spec.signerName", signer, "must be a fully qualified domain and path of the form 'example.com/signer-name'");
        }

        if (obj.Json.Items("spec.usages").Count == 0)
        {
            yield return FieldError.Required("spec.usages");
        }
    }

    // A decision can be made by approval only, and not be taken back.
    private static JsonArray? WithDecisions(JsonObject status, KubeObject old)
    {
        var conditions = old.Json.Items("status.conditions").Where(c => Decisions.Contains(c.Text("type")))
            .Concat(status.Items("conditions").Where(c => !Decisions.Contains(c.Text("type")))).Select(c => c.DeepClone()).ToArray();
        return conditions.Length == 0 ? null : new JsonArray(conditions);
    }

    private static void SetTimes(JsonObject status, KubeObject old, string now)
    {
        foreach (var condition in status.Items("conditions").OfType<JsonObject>())
        {
            var before = old.Json.Items("status.conditions").FirstOrDefault(c => c.Text("type") == condition.Text("type"));
            condition["lastUpdateTime"] ??= now;
            condition["lastTransitionTime"] ??= before.Text("status") == condition.Text("status") ? before.At("lastTransitionTime")?.DeepClone() : now;
        }
    }
}
