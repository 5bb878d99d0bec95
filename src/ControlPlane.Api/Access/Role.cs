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

/// <summary>Names of roles as they are written outside.</summary>
public static class RoleNames
{
    /// <summary>The name: <c>platform-engineer</c>.</summary>
    public static string ToName(this Role role) => role switch
    {
        Role.Viewer => "viewer",
        Role.PlatformEngineer => "platform-engineer",
        Role.OnCall => "on-call",
        Role.ComplianceOfficer => "compliance-officer",
        Role.Admin => "admin",
        Role.AuditSource => "audit-source",
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "no role"),
    };

    /// <summary>The role of a name; null when there is none.</summary>
    public static Role? Parse(string? name)
    {
        foreach (var role in Enum.GetValues<Role>())
        {
            if (string.Equals(role.ToName(), name, StringComparison.OrdinalIgnoreCase))
            {
                return role;
            }
        }

        return null;
    }
}
