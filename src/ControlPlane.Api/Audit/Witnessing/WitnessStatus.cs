using System.Globalization;

namespace ControlPlane.Api.Audit.Witnessing;

/// <summary>How far the log is witnessed, and what that means.</summary>
/// <param name="Witnesses">The configured witnesses.</param>
/// <param name="LogSize">Entries of the newest checkpoint.</param>
public sealed record WitnessStatus(IReadOnlyList<WitnessState> Witnesses, long LogSize)
{
    /// <summary>Entries that at least one witness vouches for.</summary>
    public long WitnessedSize => Witnesses.Select(static witness => witness.Size).DefaultIfEmpty().Max();

    /// <summary>In a sentence, for the console.</summary>
    public string Summary => (Witnesses.Count, WitnessedSize) switch
    {
        (0, _) => "No witness is configured: whoever holds the log's key could rewrite the whole log, and only an auditor with an older checkpoint would notice.",
        (_, 0) => "No witness has cosigned yet: until one does, whoever holds the log's key could rewrite the whole log unnoticed.",
        var (_, size) when size == LogSize => string.Create(CultureInfo.InvariantCulture, $"All {size} entries are witnessed."),
        var (_, size) => string.Create(CultureInfo.InvariantCulture, $"The first {size} of {LogSize} entries are witnessed; those after them are not yet."),
    };

    /// <summary>What can't happen unnoticed as things are.</summary>
    public IReadOnlyList<string> Protected =>
    [
        "An entry changed, removed or moved in the database: the hashes no longer lead to the signed root.",
        .. (string[])(WitnessedSize == 0 ? [] :
        [
            "The witnessed entries rewritten or cut off, by us too: the witness signs only a log that continues what it saw.",
            "Two auditors shown two different logs: the witness signs only one of them.",
        ]),
    ];

    /// <summary>What still could.</summary>
    public IReadOnlyList<string> NotProtected =>
    [
        .. (string[])(WitnessedSize > 0 ? [] :
        [
            "The whole log rewritten and signed anew by whoever holds its key, unless somebody kept an older checkpoint.",
            "The newest entries cut off, unless somebody kept a newer checkpoint.",
            "Different logs shown to different auditors, unless they compare their checkpoints.",
        ]),
        "Events that nobody told the log, or that were false from the start. Numbers without gaps at each source and the heartbeat make the first visible.",
        "Entries after the last witnessed checkpoint, for the seconds until the next one.",
    ];
}

/// <summary>A witness as we last heard of it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Size">Entries of the checkpoint that it cosigned last; 0 when none.</param>
/// <param name="CosignedAt">When, by its clock (UTC); null when never.</param>
/// <param name="Failure">Why it did not cosign the newest one; null when it did. A rewritten log shows here: raise an alarm.</param>
public sealed record WitnessState(string Name, long Size, DateTimeOffset? CosignedAt, string? Failure);
