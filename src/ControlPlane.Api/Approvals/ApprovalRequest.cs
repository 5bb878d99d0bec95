using System.Text.Json.Nodes;
using ControlPlane.Api.Access;
using ControlPlane.Api.Commands;

namespace ControlPlane.Api.Approvals;

/// <summary>Where a request stands.</summary>
public enum ApprovalState
{
    /// <summary>Nobody has decided yet.</summary>
    Pending,

    /// <summary>It was approved, and runs.</summary>
    Approved,

    /// <summary>It was approved, and is done.</summary>
    Done,

    /// <summary>It was approved, and could not be done.</summary>
    Failed,

    /// <summary>It was declined.</summary>
    Declined,

    /// <summary>Whoever asked took it back.</summary>
    Withdrawn,

    /// <summary>Nobody decided in time.</summary>
    Expired,

    /// <summary>It would do something else by now than what it was asked for.</summary>
    Overtaken,
}

/// <summary>A command that waits, or waited, for a second person.</summary>
public sealed class ApprovalRequest
{
    /// <summary>Id; a UUIDv7, so that ids sort by time.</summary>
    public required Guid Id { get; init; }

    /// <summary>The action: name of the permission that it takes.</summary>
    public required string Action { get; init; }

    /// <summary>What it would change.</summary>
    public required IReadOnlyList<CommandSubject> Subjects { get; init; }

    /// <summary>The change, in full.</summary>
    public required JsonNode Change { get; init; }

    /// <summary>What it would do, as it was when it was asked for.</summary>
    public required CommandPlan Plan { get; init; }

    /// <summary>Why, in the words of who asked.</summary>
    public required string Reason { get; init; }

    /// <summary>Who asked.</summary>
    public required Asker AskedBy { get; init; }

    /// <summary>Opaque id of who asked, to search by.</summary>
    public required string AskerId { get; init; }

    /// <summary>When (UTC).</summary>
    public required DateTimeOffset AskedAt { get; init; }

    /// <summary>Until when somebody must have decided (UTC).</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Groups of roles, of each of which whoever decides must hold one; empty for any that may decide.</summary>
    public required IReadOnlyList<IReadOnlyList<Role>> DecidedByRoles { get; init; }

    /// <summary>Ties together all that the request causes.</summary>
    public required string CorrelationId { get; init; }

    /// <summary>Where it stands.</summary>
    public ApprovalState State { get; set; }

    /// <summary>Opaque id of who decided; null while nobody has.</summary>
    public string? DecidedBy { get; set; }

    /// <summary>When (UTC).</summary>
    public DateTimeOffset? DecidedAt { get; set; }

    /// <summary>What whoever decided said.</summary>
    public string? Words { get; set; }

    /// <summary>Why it could not be done; null when it was, or was not tried.</summary>
    public string? Problem { get; set; }

    /// <summary>Counts changes, so that of two who decide at once only one does.</summary>
    public int Version { get; set; }
}

/// <summary>Who asked for something that is to run later, as that person.</summary>
/// <param name="Kind">What sort of caller.</param>
/// <param name="Id">Opaque id.</param>
/// <param name="PersonId">Opaque id of the person behind; null where there is none.</param>
/// <param name="Via">By which way.</param>
/// <param name="Grants">Roles held when asking. What is held when it runs counts as well.</param>
public sealed record Asker(CallerKind Kind, string Id, string? PersonId, string Via, IReadOnlyList<RoleGrant> Grants);
