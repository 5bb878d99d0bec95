namespace Compliance.Audit.Personal;

/// <summary>Keeps personal data that entries commit to, where they can be erased.</summary>
public interface IPersonalKeeper
{
    /// <summary>Keeps data durably.</summary>
    /// <exception cref="AuditUnavailableException">It can't.</exception>
    Task KeepAsync(IReadOnlyList<PersonalCommitment> data, CancellationToken cancellationToken);
}
