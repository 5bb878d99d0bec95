namespace Compliance.Audit.Personal;

/// <summary>Keeps personal data that entries commit to, where they can be erased.</summary>
public interface IPersonalKeeper
{
    /// <summary>Sees that it can keep data: that its master key is the one under which what is there was sealed.</summary>
    /// <exception cref="AuditUnavailableException">It can't.</exception>
    Task OpenAsync(CancellationToken cancellationToken);

    /// <summary>Keeps data durably.</summary>
    /// <exception cref="AuditUnavailableException">It can't.</exception>
    Task KeepAsync(IReadOnlyList<PersonalCommitment> data, CancellationToken cancellationToken);
}
