using Fleet.Hosting;

namespace Fleet.Kyc;

/// <summary>The proofs that an instance knows, by customer.</summary>
internal sealed class KycRegister(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly RecentItems<string, Proof[]> _proofs = new();

    /// <summary>Enters a proof; a later one of the same kind takes its place.</summary>
    public KycReply Enter(string userId, ProofKind kind, string masked)
    {
        lock (_gate)
        {
            var others = ProofsOf(userId).Where(p => p.Kind != kind);
            _proofs.Set(userId, [.. others, new Proof(kind, masked, time.GetUtcNow())]);
            return Status(userId);
        }
    }

    public KycReply Status(string userId)
    {
        var proofs = ProofsOf(userId);
        var missing = Enum.GetValues<ProofKind>().Except(proofs.Select(p => p.Kind)).ToArray();
        var level = missing.Length == 0 ? KycLevel.Full
            : proofs.Any(p => p.Kind is ProofKind.Aadhaar or ProofKind.Pan) ? KycLevel.Minimum
            : KycLevel.None;
        return new KycReply(userId, level, proofs, missing, KycLimitTable.InForce(level, time.GetUtcNow()));
    }

    private Proof[] ProofsOf(string userId) => _proofs.TryGet(userId, out var proofs) ? proofs : [];
}
