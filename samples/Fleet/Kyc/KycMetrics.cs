using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Fleet.Kyc;

/// <summary>Business counters of the kyc service.</summary>
internal sealed class KycMetrics(IMeterFactory meters)
{
    private readonly Counter<long> _proofs =
        meters.Create("Fleet.Kyc").CreateCounter<long>("kyc_proofs_total", description: "Proofs that came in, by kind and outcome.");

    public void Read(ProofKind kind, bool accepted) => _proofs.Add(
        1, new TagList { { "kind", kind.ToString().ToLowerInvariant() }, { "outcome", accepted ? "accepted" : "refused" } });
}
