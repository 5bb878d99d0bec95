using ControlPlane.Api.Commands;

namespace ControlPlane.Api.Approvals;

/// <summary>Takes commands that wait for a second person.</summary>
public interface IApprovalDesk
{
    /// <summary>Keeps a command until somebody decides on it.</summary>
    /// <param name="command">The command.</param>
    /// <param name="rule">Who may decide, and by when.</param>
    /// <param name="record">Its entries in the audit log.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Id of the request.</returns>
    internal Task<Guid> AskAsync(Command command, ApprovalRule rule, CommandRecord record, CancellationToken cancellationToken);
}
