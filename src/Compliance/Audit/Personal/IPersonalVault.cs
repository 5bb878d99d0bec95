namespace Compliance.Audit.Personal;

/// <summary>
/// The erasable half of the log: personal data, each sealed under a key of its subject. To erase a subject destroys the key and the data; the
/// entries stay and still verify.
/// </summary>
public interface IPersonalVault
{
    /// <summary>The datum that an entry commits to; null when it was erased. It is checked against the commitment.</summary>
    /// <exception cref="AuditUnavailableException">The store is away, or holds something else than was committed to.</exception>
    Task<string?> RevealAsync(CommitmentReference commitment, CancellationToken cancellationToken);

    /// <summary>Erases all data of a subject for good, and records that: who, why, how many. Nobody can undo it.</summary>
    /// <returns>How many data were erased.</returns>
    Task<int> EraseAsync(string subject, AuditActor actor, string reason, CancellationToken cancellationToken);
}

/// <summary>Names a datum as an entry does.</summary>
/// <param name="Subject">Opaque id of the person.</param>
/// <param name="Field">What it is.</param>
/// <param name="Digest">Digest of the commitment, in hexadecimal.</param>
public sealed record CommitmentReference(string Subject, string Field, string Digest);
