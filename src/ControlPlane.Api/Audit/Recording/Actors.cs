using Compliance.Audit;
using ControlPlane.Api.Access;

namespace ControlPlane.Api.Audit.Recording;

/// <summary>Callers, as the audit log knows them: by opaque id, with what is personal kept apart.</summary>
internal static class Actors
{
    public static AuditActor Of(Caller caller) => new(
        caller.Kind switch
        {
            CallerKind.Person => AuditActorKind.Person,
            CallerKind.Token => AuditActorKind.Token,
            CallerKind.ServiceAccount => AuditActorKind.Workload,
            CallerKind.System => AuditActorKind.System,
            _ => AuditActorKind.Anonymous,
        },
        caller.Id,
        caller.Via);

    /// <summary>Where a request came from. The address belongs to whoever sent it, be it somebody unknown.</summary>
    public static IReadOnlyList<PersonalDatum> PersonalDataOf(Caller caller) =>
        caller.Address is { Length: > 0 } address ? [new(caller.Id, "actor.address", address)] : [];
}
