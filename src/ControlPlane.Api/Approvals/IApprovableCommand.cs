using System.Text.Json.Nodes;
using ControlPlane.Api.Commands;

namespace ControlPlane.Api.Approvals;

/// <summary>A use case whose commands can wait for a second person, and run later.</summary>
public interface IApprovableCommand
{
    /// <summary>Its action: the name of the permission that it takes.</summary>
    string Action { get; }

    /// <summary>Runs what was approved, as the caller of this flow, who is the one who asked for it.</summary>
    /// <param name="change">The change, as <see cref="Command.Change"/> told it.</param>
    /// <param name="reason">The reason that was given.</param>
    /// <param name="grant">The approval.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Why nothing came of it; null when it was done.</returns>
    Task<string?> RunApprovedAsync(JsonNode change, string? reason, ApprovalGrant grant, CancellationToken cancellationToken);
}
