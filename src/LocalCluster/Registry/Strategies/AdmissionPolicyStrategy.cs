using LocalCluster.Resources;
using LocalCluster.Schemas;

namespace LocalCluster.Registry.Strategies;

/// <summary>Admission policies and their bindings.</summary>
/// <param name="check">Finds what is wrong with one.</param>
internal sealed class AdmissionPolicyStrategy(Func<KubeObject, IEnumerable<FieldError>> check) : ObjectStrategy
{
    private const string NoAuditLog = "this local cluster keeps no audit log: what audit annotations and the action Audit would write is lost";

    /// <inheritdoc/>
    public override void PrepareForCreate(KubeObject obj, RegistryContext context) => WarnOfAudit(obj, context);

    /// <inheritdoc/>
    public override void PrepareForUpdate(KubeObject obj, KubeObject old, RegistryContext context) => WarnOfAudit(obj, context);

    /// <inheritdoc/>
    public override IEnumerable<FieldError> Validate(KubeObject obj, KubeObject? old, RegistryContext context) => check(obj);

    private static void WarnOfAudit(KubeObject obj, RegistryContext context)
    {
        if (obj.Json.Items("spec.auditAnnotations").Count > 0 || obj.Json.Texts("spec.validationActions").Contains("Audit"))
        {
            context.Request.Warn(NoAuditLog);
        }
    }
}
