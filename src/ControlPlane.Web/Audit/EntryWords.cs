using Compliance.Audit;

namespace ControlPlane.Web.Audit;

/// <summary>Who and what of an entry, in a few words.</summary>
internal static class EntryWords
{
    public static string Of(AuditActor actor) => actor.Kind == AuditActorKind.Anonymous ? "nobody known" : actor.Id;

    public static string Of(AuditObject? item) => item switch
    {
        null => "",
        { Namespace: "" } => $"{item.Kind} {item.Name}",
        _ => $"{item.Kind} {item.Namespace}/{item.Name}",
    };

    public static string Of(AuditActorKind kind) => kind switch
    {
        AuditActorKind.Anonymous => "nobody known",
        AuditActorKind.Person => "person",
        AuditActorKind.Token => "API token",
        AuditActorKind.Workload => "workload",
        _ => "the control plane",
    };
}
