using Compliance.Audit;
using Compliance.Audit.Personal;

namespace ControlPlane.Api.Tests.Testing;

/// <summary>A vault of which all was erased.</summary>
internal sealed class NoPersonalData : IPersonalVault
{
    public Task<string?> RevealAsync(CommitmentReference commitment, CancellationToken cancellationToken) => Task.FromResult<string?>(null);

    public Task<int> EraseAsync(string subject, AuditActor actor, string reason, CancellationToken cancellationToken) => Task.FromResult(0);
}
