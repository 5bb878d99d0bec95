using Compliance.Audit;
using Compliance.Audit.Sequencing;

namespace AuditWriter;

/// <summary>Checkpoints without a signature: the tests look at the store, not at keys.</summary>
internal sealed class PlainSigner : ICheckpointSigner
{
    public string Key => "test.dabbawala/killed";

    public string Sign(long size, TreeHash root, DateTimeOffset at) => FormattableString.Invariant($"test.dabbawala/killed\n{size}\n{Convert.ToBase64String(root.Bytes)}\n");
}
