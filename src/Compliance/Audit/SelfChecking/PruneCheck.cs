using Compliance.Audit.Entries;
using Compliance.Audit.Sequencing;
using Compliance.Retention;

namespace Compliance.Audit.SelfChecking;

/// <summary>
/// Entries are gone only as far as a certificate in the log says. It always outlives what it covers, because it comes after it; so it is looked for among
/// the entries, and not in what the store says about itself.
/// </summary>
internal sealed class PruneCheck(LogPosition position, SelfCheckFindings findings)
{
    private long _certified;

    public void Take(AuditEntryRecord entry) => _certified = Math.Max(_certified, PruneCertificate.EndOf(entry) ?? 0);

    public void Finish()
    {
        if (position.PrunedTo > _certified)
        {
            findings.Add($"entries before {position.PrunedTo} are gone, but the certificates in the log cover only those before {_certified}");
        }
    }
}
