using System.Text.Json.Nodes;
using ControlPlane.Api.Access;

namespace ControlPlane.Api.Commands;

/// <summary>A change that somebody asks for.</summary>
/// <param name="Permission">What it takes; its name is the action in the audit log.</param>
/// <param name="Subjects">What it changes.</param>
public sealed record Command(Permission Permission, params IReadOnlyList<CommandSubject> Subjects)
{
    /// <summary>Why, in the caller's words; null when nobody was asked.</summary>
    public string? Reason { get; init; }

    /// <summary>The change itself, in full, without secrets and personal data: what an approver sees, and what is run once approved.</summary>
    public JsonNode? Change { get; init; }
}

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
}

/// <summary>What becomes known of a command while it runs, and belongs into its record.</summary>
public sealed class CommandTrace
{
    /// <summary>State before; without secrets and personal data.</summary>
    public JsonNode? Before { get; set; }

    /// <summary>State after; without secrets and personal data.</summary>
    public JsonNode? After { get; set; }

    /// <summary>Personal data that belongs to the record; kept apart from it.</summary>
    public IList<Compliance.Audit.PersonalDatum> PersonalData { get; } = [];
}
