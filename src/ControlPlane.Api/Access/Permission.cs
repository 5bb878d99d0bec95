namespace ControlPlane.Api.Access;

/// <summary>Something that one may be allowed to do; every endpoint, page, query and command names one.</summary>
/// <param name="Name">As <c>noun.verb</c>; also the action in the audit log.</param>
/// <param name="Does">What it lets one do, for people: it completes "You may not …".</param>
/// <param name="Roles">Roles that hold it. Admins hold all.</param>
public sealed record Permission(string Name, string Does, params IReadOnlyList<Role> Roles)
{
    /// <summary>True when it is about oneself, so that a role in any one namespace or team gives it.</summary>
    public bool IsOwn { get; init; }

    /// <summary>True when the role holds it.</summary>
    public bool IsHeldBy(Role role) => role == Role.Admin || Roles.Contains(role);
}

/// <summary>All permissions.</summary>
public static class Permissions
{
    /// <summary>See how the cluster is that the control plane follows.</summary>
    public static Permission ReadCluster { get; } = new("cluster.read", "see the cluster", Role.Viewer, Role.PlatformEngineer, Role.OnCall, Role.ComplianceOfficer);

    /// <summary>Read the metrics of the process.</summary>
    public static Permission ReadMetrics { get; } = new("metrics.read", "read metrics", Role.Viewer, Role.PlatformEngineer, Role.OnCall);

    /// <summary>See services, their instances, objects and events.</summary>
    public static Permission ReadServices { get; } = new("services.read", "see services", Role.Viewer, Role.PlatformEngineer, Role.OnCall, Role.ComplianceOfficer);

    /// <summary>Send made-up traffic to the example fleet.</summary>
    public static Permission GenerateTraffic { get; } = new("traffic.generate", "send made-up traffic to the example fleet", Role.PlatformEngineer);

    /// <summary>See what operators and cluster are doing.</summary>
    public static Permission ReadActivity { get; } = new("activity.read", "see activity", Role.Viewer, Role.PlatformEngineer, Role.OnCall, Role.ComplianceOfficer);

    /// <summary>Preview manifests.</summary>
    public static Permission Plan { get; } = new("manifests.plan", "preview manifests", Role.Viewer, Role.PlatformEngineer, Role.OnCall, Role.ComplianceOfficer);

    /// <summary>Apply manifests.</summary>
    public static Permission ApplyManifests { get; } = new("manifests.apply", "apply manifests", Role.PlatformEngineer);

    /// <summary>Write traffic policies.</summary>
    public static Permission WritePolicies { get; } = new("policies.write", "change traffic policies", Role.PlatformEngineer, Role.OnCall);

    /// <summary>Look for what could be adopted.</summary>
    public static Permission ReadOnboarding { get; } = new("onboarding.read", "look for services to adopt", Role.Viewer, Role.PlatformEngineer);

    /// <summary>Hand a workload over to the operator.</summary>
    public static Permission HandOver { get; } = new("services.handover", "hand services over", Role.PlatformEngineer);

    /// <summary>Force circuits open or closed, and release them.</summary>
    public static Permission ForceCircuit { get; } = new("circuits.force", "force circuits", Role.PlatformEngineer, Role.OnCall);

    /// <summary>Take a pause or check of a rollout as done.</summary>
    public static Permission PromoteRollout { get; } = new("rollouts.promote", "promote rollouts", Role.PlatformEngineer);

    /// <summary>Take all steps of a rollout as done.</summary>
    public static Permission PromoteRolloutFully { get; } = new("rollouts.promote-fully", "promote rollouts past all their steps", Role.PlatformEngineer);

    /// <summary>Roll a rollout back.</summary>
    public static Permission AbortRollout { get; } = new("rollouts.abort", "roll rollouts back", Role.PlatformEngineer, Role.OnCall);

    /// <summary>Try a failed revision once more.</summary>
    public static Permission RetryRollout { get; } = new("rollouts.retry", "retry rollouts", Role.PlatformEngineer, Role.OnCall);

    /// <summary>Let a rollout pass what holds it.</summary>
    public static Permission OverrideRolloutHolds { get; } = new("rollouts.override", "override what holds rollouts", Role.PlatformEngineer);

    /// <summary>Pause rollouts.</summary>
    public static Permission PauseRollout { get; } = new("rollouts.pause", "pause rollouts", Role.PlatformEngineer, Role.OnCall);

    /// <summary>Resume rollouts that somebody paused.</summary>
    public static Permission ResumeRollout { get; } = new("rollouts.resume", "resume rollouts", Role.PlatformEngineer, Role.OnCall);

    /// <summary>See incidents of services.</summary>
    public static Permission ReadIncidents { get; } = new("incidents.read", "see incidents", Role.Viewer, Role.PlatformEngineer, Role.OnCall, Role.ComplianceOfficer);

    /// <summary>Declare incidents.</summary>
    public static Permission DeclareIncident { get; } = new("incidents.declare", "declare incidents", Role.PlatformEngineer, Role.OnCall);

    /// <summary>Tell incidents more.</summary>
    public static Permission NoteIncident { get; } = new("incidents.note", "write into incidents", Role.PlatformEngineer, Role.OnCall);

    /// <summary>Resolve incidents.</summary>
    public static Permission ResolveIncident { get; } = new("incidents.resolve", "resolve incidents", Role.PlatformEngineer, Role.OnCall);

    /// <summary>Read the audit log.</summary>
    public static Permission ReadAudit { get; } = new("audit.read", "read the audit log", Role.ComplianceOfficer);

    /// <summary>Export from the audit log.</summary>
    public static Permission ExportAudit { get; } = new("audit.export", "export from the audit log", Role.ComplianceOfficer);

    /// <summary>Call exports off, and remove their files.</summary>
    public static Permission RemoveExport { get; } = new("audit.remove-export", "remove exports", Role.ComplianceOfficer);

    /// <summary>See personal data that entries of the audit log commit to.</summary>
    public static Permission RevealPersonalData { get; } = new("audit.reveal", "see personal data of the audit log", Role.ComplianceOfficer);

    /// <summary>See how long entries of the audit log are kept, the legal holds on them, and what was erased.</summary>
    public static Permission ReadRetention { get; } = new("retention.read", "see how long the audit log is kept", Role.ComplianceOfficer);

    /// <summary>Remove entries of the audit log whose time is over.</summary>
    public static Permission RunPrune { get; } = new("prunes.run", "remove entries of the audit log whose time is over", Role.ComplianceOfficer);

    /// <summary>Place legal holds on entries of the audit log.</summary>
    public static Permission PlaceHold { get; } = new("holds.place", "place legal holds", Role.ComplianceOfficer);

    /// <summary>Release legal holds.</summary>
    public static Permission ReleaseHold { get; } = new("holds.release", "release legal holds", Role.ComplianceOfficer);

    /// <summary>Look whether the audit log holds personal data of somebody.</summary>
    public static Permission FindPersonalData { get; } = new("erasures.find", "find somebody's personal data", Role.ComplianceOfficer);

    /// <summary>Erase personal data of somebody.</summary>
    public static Permission ErasePersonalData { get; } = new("erasures.run", "erase somebody's personal data", Role.ComplianceOfficer);

    /// <summary>See names in the place of opaque ids of people and tokens.</summary>
    public static Permission NameActors { get; } = new("actors.name", "see who is behind an id", Role.PlatformEngineer, Role.OnCall, Role.ComplianceOfficer);

    /// <summary>Send events to the audit log.</summary>
    public static Permission AppendAudit { get; } = new("audit.append", "send events to the audit log", Role.AuditSource);

    /// <summary>See what the fleet looked like at another time.</summary>
    public static Permission ReadHistory { get; } = new("history.read", "see the fleet's history", Role.PlatformEngineer, Role.OnCall, Role.ComplianceOfficer);

    /// <summary>Approve or decline what another person asks for.</summary>
    public static Permission DecideApprovals { get; } = new("approvals.decide", "decide on approvals", Role.PlatformEngineer, Role.ComplianceOfficer);

    /// <summary>See users, roles, tokens and sessions.</summary>
    public static Permission ReadAccess { get; } = new("access.read", "see who has access", Role.ComplianceOfficer);

    /// <summary>Change users, roles, tokens and sessions of others.</summary>
    public static Permission ManageAccess { get; } = new("access.manage", "change who has access");

    /// <summary>See and end one's own sessions and tokens.</summary>
    public static Permission OwnAccess { get; } = new("access.own", "see your own access", Role.Viewer, Role.PlatformEngineer, Role.OnCall, Role.ComplianceOfficer) { IsOwn = true };

    /// <summary>Every one of them.</summary>
    public static IReadOnlyList<Permission> All { get; } =
    [
        ReadCluster, ReadMetrics, ReadServices, GenerateTraffic, ReadActivity, Plan, ApplyManifests, WritePolicies, ReadOnboarding, HandOver, ForceCircuit,
        PromoteRollout, PromoteRolloutFully, AbortRollout, RetryRollout, OverrideRolloutHolds, PauseRollout, ResumeRollout, ReadIncidents, DeclareIncident, NoteIncident, ResolveIncident,
        ReadAudit, ExportAudit, RemoveExport, RevealPersonalData,
        ReadRetention, RunPrune, PlaceHold, ReleaseHold, FindPersonalData, ErasePersonalData, NameActors, AppendAudit, ReadHistory,
        DecideApprovals, ReadAccess, ManageAccess, OwnAccess,
    ];

    /// <summary>The permission of a name.</summary>
    /// <exception cref="ArgumentException">There is none of that name: a typing error of ours.</exception>
    public static Permission Named(string name) =>
        All.FirstOrDefault(permission => permission.Name == name) ?? throw new ArgumentException($"there is no permission '{name}'", nameof(name));
}
