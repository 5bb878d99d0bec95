namespace ControlPlane.Api.Access;

/// <summary>What somebody is to the fleet. Written in lower case with hyphens outside: <c>platform-engineer</c>.</summary>
public enum Role
{
    /// <summary>Looks.</summary>
    Viewer,

    /// <summary>Declares services and policies.</summary>
    PlatformEngineer,

    /// <summary>Is called when something breaks.</summary>
    OnCall,

    /// <summary>Answers to auditors.</summary>
    ComplianceOfficer,

    /// <summary>Says who may do what.</summary>
    Admin,

    /// <summary>A fleet service or API server that sends audit events, and may do nothing else. Never a person.</summary>
    AuditSource,
}

/// <summary>A role that somebody holds.</summary>
/// <param name="Role">The role.</param>
/// <param name="Namespace">Only in this namespace; null for everywhere.</param>
/// <param name="Team">Only for services of this team; null for all.</param>
public sealed record RoleGrant(Role Role, string? Namespace = null, string? Team = null);
