using Compliance.Audit;
using Compliance.Audit.Notes;
using Compliance.Audit.Sequencing;

namespace AuditWriter;

/// <summary>Signs with a key of a file, as the product does: the next process must find that its checkpoints are the log's.</summary>
internal sealed class KeySigner(NoteSigner key) : ICheckpointSigner
{
    public string Key => key.Verifier.ToString();

    public string Sign(long size, TreeHash root, DateTimeOffset at) => new Checkpoint(key.Verifier.Name, size, root).Sign(key).ToString();
}
