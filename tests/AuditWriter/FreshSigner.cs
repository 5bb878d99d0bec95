using Compliance.Audit;
using Compliance.Audit.Notes;
using Compliance.Audit.Sequencing;

namespace AuditWriter;

/// <summary>Signs with a key that dies with the process, under the name of one: the tests look at the store, not at keys.</summary>
internal sealed class FreshSigner(string origin) : ICheckpointSigner
{
    private readonly NoteSigner _key = NoteSigner.Generate(origin);

    public string Key => origin;

    public string Sign(long size, TreeHash root, DateTimeOffset at) => new Checkpoint(origin, size, root).Sign(_key).ToString();
}
