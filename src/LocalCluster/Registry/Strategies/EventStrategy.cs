using LocalCluster.Resources;
using LocalCluster.Schemas;

namespace LocalCluster.Registry.Strategies;

/// <summary>Events, which are kept for an hour.</summary>
internal sealed class EventStrategy : ObjectStrategy
{
    /// <inheritdoc/>
    public override IEnumerable<FieldError> Validate(KubeObject obj, KubeObject? old, RegistryContext context)
    {
        var ns = obj.Json.Text("involvedObject.namespace");
        var expected = ns.Length == 0 ? "default" : ns;
        if (obj.Namespace != expected && !(ns.Length == 0 && obj.Namespace == "kube-system"))
        {
            yield return FieldError.Invalid("involvedObject.namespace", ns, "does not match event.namespace");
        }

        if (obj.Json.Text("reportingComponent").Length > 0 && obj.Json.At("eventTime") is not null && obj.Json.Text("action").Length == 0)
        {
            yield return FieldError.Required("action");
        }
    }
}
