namespace Compliance.Audit.Personal;

/// <summary>
/// The erasable half of the log: personal data, each sealed under a key of its subject. Erasing destroys the key and the data; the entries stay and
/// still verify.
/// </summary>
public interface IPersonalVault
{
    /// <summary>The datum that an entry commits to; null when it was erased. It is checked against the commitment.</summary>
    /// <exception cref="AuditUnavailableException">The store is away, or holds something else than was committed to.</exception>
    Task<string?> RevealAsync(CommitmentReference commitment, CancellationToken cancellationToken);

    /// <summary>The subjects of which a datum has exactly this value, in any case. It opens every datum that there is, so it takes its time.</summary>
    /// <exception cref="AuditUnavailableException">The store is away.</exception>
    Task<IReadOnlyList<string>> FindSubjectsAsync(string value, CancellationToken cancellationToken);

    /// <summary>A datum of a subject that was recorded as a field; null when there is none among the first few data of the subject.</summary>
    /// <exception cref="AuditUnavailableException">The store is away.</exception>
    Task<string?> FindDatumAsync(string subject, string field, CancellationToken cancellationToken);

    /// <summary>Digests of all data of a subject, in hexadecimal.</summary>
    /// <exception cref="AuditUnavailableException">The store is away.</exception>
    Task<IReadOnlySet<string>> DigestsAsync(string subject, CancellationToken cancellationToken);
}

/// <summary>Names a datum as an entry does.</summary>
/// <param name="Subject">Opaque id of the person.</param>
/// <param name="Field">What it is.</param>
/// <param name="Digest">Digest of the commitment, in hexadecimal.</param>
public sealed record CommitmentReference(string Subject, string Field, string Digest);
