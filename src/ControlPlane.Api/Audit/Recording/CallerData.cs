using Compliance.Audit;
using ControlPlane.Api.Access;

namespace ControlPlane.Api.Audit.Recording;

/// <summary>What is personal about callers, and so kept apart from entries.</summary>
internal static class CallerData
{
    /// <summary>Where a request came from. The address belongs to whoever sent it, be it somebody unknown.</summary>
    public static IReadOnlyList<PersonalDatum> AddressOf(Caller caller) =>
        caller.Address is { Length: > 0 } address ? [new(caller.Id, "actor.address", address)] : [];
}
