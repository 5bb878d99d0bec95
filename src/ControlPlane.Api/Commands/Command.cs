using System.Text.Json.Nodes;
using ControlPlane.Api.Access;
using ControlPlane.Api.Approvals;
using ControlPlane.Api.Plans;

namespace ControlPlane.Api.Commands;

/// <summary>A change that somebody asks for.</summary>
/// <param name="Permission">What it takes; its name is the action in the audit log.</param>
/// <param name="Subjects">What it changes; there is at least one.</param>
public sealed record Command(Permission Permission, params IReadOnlyList<CommandSubject> Subjects)
{
    /// <summary>Why, in the caller's words, at most <see cref="LongestReason"/> characters; null when nobody was asked.</summary>
    public string? Reason { get; init; }

    /// <summary>Longest reason, in characters.</summary>
    public const int LongestReason = 1000;

    /// <summary>
    /// The change itself, in full, without secrets and personal data: what an approver sees, and what is run once approved. Null when the
    /// command can't wait for an approval.
    /// </summary>
    public JsonNode? Change { get; init; }

    /// <summary>Says what the command would do now, without doing it; null when the command can't wait for an approval.</summary>
    public Func<CancellationToken, Task<CommandPlan>>? Plan { get; init; }

    /// <summary>The approval that the command runs under; null when it is asked for just now.</summary>
    public ApprovalGrant? Approval { get; init; }
}

/// <summary>What a command would do.</summary>
/// <param name="Digest">Tells it from any other plan: an approved command runs only while its plan is still the one that was approved.</param>
/// <param name="Changes">What would change, object by object, without secrets: for the approver's eyes.</param>
public sealed record CommandPlan(string Digest, IReadOnlyList<PlannedChange> Changes);

/// <summary>What a command would do to one object.</summary>
/// <param name="Kind">Kind.</param>
/// <param name="Namespace">Namespace; empty when it has none.</param>
/// <param name="Name">Name.</param>
/// <param name="Action">What would become of it.</param>
/// <param name="Before">As it is, as YAML; empty when it does not exist.</param>
/// <param name="After">As it would be, as YAML; empty when it would not exist.</param>
public sealed record PlannedChange(string Kind, string Namespace, string Name, PlannedAction Action, string Before, string After);

/// <summary>One thing that a command changes.</summary>
/// <param name="Kind">Kind: <c>ManagedService</c>, <c>User</c>, <c>Token</c>.</param>
/// <param name="Namespace">Namespace; empty when it has none.</param>
/// <param name="Name">Name or opaque id.</param>
public sealed record CommandSubject(string Kind, string Namespace, string Name)
{
    /// <summary>Tier of the service, where four eyes may be wanted for some; null when it has none.</summary>
    public string? Tier { get; init; }

    /// <summary>Team that owns it; null when unknown.</summary>
    public string? Team { get; init; }

    /// <summary>Frameworks that the service answers to, such as <c>RBI</c>.</summary>
    public IReadOnlyList<string> Frameworks { get; init; } = [];

    /// <summary>The state that is asked for, without secrets and personal data: on record should the process die half-way. Null when it says nothing.</summary>
    public JsonNode? Wanted { get; init; }

    /// <summary>True when both name the same thing.</summary>
    public bool IsSame(CommandSubject other) =>
        other is not null && (Kind, Namespace, Name) == (other.Kind, other.Namespace, other.Name);
}
