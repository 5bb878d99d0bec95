using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Compliance.Audit;
using Compliance.Audit.Entries;

namespace ControlPlane.Api.Audit;

/// <summary>What an entry says, with its place in the log. The bytes are what counts: what is read of them is for people and never hashed.</summary>
public sealed record RecordedEntry : AuditEntryRecord
{
    [SetsRequiredMembers]
    private RecordedEntry(AuditEntry entry, AuditEntryRecord said)
        : base(said) => (Index, Bytes) = (entry.Index, entry.Bytes);

    /// <summary>Index in the log, from 0.</summary>
    public long Index { get; }

    /// <summary>The exact bytes.</summary>
    [JsonIgnore]
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Reads an entry.</summary>
    /// <exception cref="FormatException">Its bytes are no entry: somebody changed the store, and the verification will say so.</exception>
    public static RecordedEntry Of(AuditEntry entry) => new(entry, AuditEntryReader.Read(entry.Bytes));
}
