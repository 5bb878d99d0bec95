using ControlPlane.Api.Commands;

namespace ControlPlane.Api.Approvals;

/// <summary>A request for approval, as people see it.</summary>
public sealed record ApprovalDetails
{
    /// <summary>Id.</summary>
    public required Guid Id { get; init; }

    /// <summary>Where it stands.</summary>
    public required ApprovalState State { get; init; }

    /// <summary>The action: name of the permission that it takes.</summary>
    public required string Action { get; init; }

    /// <summary>What it would change, or has changed: kind, namespace and name.</summary>
    public required IReadOnlyList<ApprovalSubject> Subjects { get; init; }

    /// <summary>Why, in the words of who asked.</summary>
    public required string Reason { get; init; }

    /// <summary>Opaque id of who asked.</summary>
    public required string AskedBy { get; init; }

    /// <summary>Name of who asked; null when unknown or erased, or not for the caller to see.</summary>
    public string? AskedByName { get; init; }

    /// <summary>When (UTC).</summary>
    public required DateTimeOffset AskedAt { get; init; }

    /// <summary>Until when somebody must have decided (UTC).</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>What it would do, object by object, as it was when it was asked for.</summary>
    public required IReadOnlyList<PlannedChange> Changes { get; init; }

    /// <summary>Opaque id of who decided; null while nobody has.</summary>
    public string? DecidedBy { get; init; }

    /// <summary>Name of who decided; null likewise.</summary>
    public string? DecidedByName { get; init; }

    /// <summary>When (UTC).</summary>
    public DateTimeOffset? DecidedAt { get; init; }

    /// <summary>What whoever decided said.</summary>
    public string? Words { get; init; }

    /// <summary>Why it could not be done.</summary>
    public string? Problem { get; init; }

    /// <summary>Ties together all that the request caused in the audit log.</summary>
    public required string CorrelationId { get; init; }

    /// <summary>True when the caller may approve or decline it.</summary>
    public required bool MayDecide { get; init; }

    /// <summary>True when the caller may take it back.</summary>
    public required bool MayWithdraw { get; init; }

    /// <summary>Counts changes; its ETag.</summary>
    public required int Version { get; init; }

    internal static ApprovalDetails Of(ApprovalRequest request, bool mayDecide, bool mayWithdraw) => new()
    {
        Id = request.Id,
        State = request.State,
        Action = request.Action,
        Subjects = [.. request.Subjects.Select(subject => new ApprovalSubject(subject.Kind, subject.Namespace, subject.Name)).Distinct()],
        Reason = request.Reason,
        AskedBy = request.AskedBy.Id,
        AskedAt = request.AskedAt,
        ExpiresAt = request.ExpiresAt,
        Changes = request.Plan.Changes,
        DecidedBy = request.DecidedBy,
        DecidedAt = request.DecidedAt,
        Words = request.Words,
        Problem = request.Problem,
        CorrelationId = request.CorrelationId,
        MayDecide = mayDecide,
        MayWithdraw = mayWithdraw,
        Version = request.Version,
    };
}

/// <summary>A thing that a request would change.</summary>
/// <param name="Kind">Kind.</param>
/// <param name="Namespace">Namespace; empty when it has none.</param>
/// <param name="Name">Name.</param>
public sealed record ApprovalSubject(string Kind, string Namespace, string Name);
