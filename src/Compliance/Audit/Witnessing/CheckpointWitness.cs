using Compliance.Audit.Notes;

namespace Compliance.Audit.Witnessing;

/// <summary>How a witness answers; the values are HTTP status codes (C2SP tlog-witness).</summary>
public enum WitnessOutcome
{
    /// <summary>Cosigned.</summary>
    Cosigned = 200,

    /// <summary>The request is malformed, or its old size is larger than its checkpoint.</summary>
    Malformed = 400,

    /// <summary>The log's key did not sign the checkpoint.</summary>
    UnknownKey = 403,

    /// <summary>The witness does not know the log.</summary>
    UnknownLog = 404,

    /// <summary>The witness knows another size, or another tree of the same size.</summary>
    Conflict = 409,

    /// <summary>The proof does not hold: the log did not only grow.</summary>
    BadProof = 422,
}

/// <summary>A witness's answer.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Origin">The log that the request was about; empty when nobody can tell.</param>
/// <param name="Text">The cosignature line, or what was wrong.</param>
/// <param name="KnownSize">The size that the witness knows, when it is not the one that the request goes out from.</param>
public sealed record WitnessAnswer(WitnessOutcome Outcome, string Origin, string Text, long? KnownSize = null);

/// <summary>Keeps what a witness cosigned last of each log.</summary>
public interface IWitnessStore
{
    /// <summary>The text of the checkpoint that was cosigned last; null when none was.</summary>
    Task<string?> ReadAsync(string origin, CancellationToken cancellationToken);

    /// <summary>Replaces it, whole and on disk when this returns.</summary>
    Task WriteAsync(string origin, string text, CancellationToken cancellationToken);
}

/// <summary>
/// Cosigns a checkpoint only if it continues the last one that it cosigned of the log. So whoever trusts it knows that there is one history, even when
/// the log's operator and key can't be trusted.
/// </summary>
/// <param name="key">Key for cosignatures, which must not be in the log operator's hands.</param>
/// <param name="logs">Keys of the logs; their names are the origins.</param>
/// <param name="store">What was cosigned last.</param>
/// <param name="time">Clock of the witness.</param>
public sealed class CheckpointWitness(NoteSigner key, IReadOnlyList<NoteVerifier> logs, IWitnessStore store, TimeProvider time) : IDisposable
{
    /// <summary>Compare and replace are one step: between two requests the size must never go back.</summary>
    private readonly SemaphoreSlim _oneAtATime = new(1, 1);

    /// <summary>Answers a request as it came in.</summary>
    public async Task<WitnessAnswer> AddAsync(ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        WitnessRequest request;
        Checkpoint checkpoint;
        try
        {
            request = WitnessRequest.Parse(body.Span);
            checkpoint = Checkpoint.Parse(request.Checkpoint.Text);
        }
        catch (NoteException malformed)
        {
            return new WitnessAnswer(WitnessOutcome.Malformed, "", malformed.Message);
        }

        var keys = logs.Where(log => log.Name == checkpoint.Origin).ToList();
        if (keys.Count == 0)
        {
            return new WitnessAnswer(WitnessOutcome.UnknownLog, "", "this witness does not know the log");
        }

        if (!IsSigned(request.Checkpoint, keys))
        {
            return new WitnessAnswer(WitnessOutcome.UnknownKey, checkpoint.Origin, "no key that is trusted for this log signed the checkpoint");
        }

        if (request.OldSize > checkpoint.Size)
        {
            return new WitnessAnswer(WitnessOutcome.Malformed, checkpoint.Origin, "the old size is larger than the checkpoint");
        }

        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            return await CosignAsync(request, checkpoint, cancellationToken);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _oneAtATime.Dispose();

    private async Task<WitnessAnswer> CosignAsync(WitnessRequest request, Checkpoint checkpoint, CancellationToken cancellationToken)
    {
        var known = await store.ReadAsync(checkpoint.Origin, cancellationToken) is { } text ? Checkpoint.Parse(text) : new Checkpoint(checkpoint.Origin, 0, TreeHash.Empty);
        if (request.OldSize != known.Size)
        {
            return new WitnessAnswer(WitnessOutcome.Conflict, checkpoint.Origin, "", known.Size);
        }

        if (known.Size == checkpoint.Size && known.Root != checkpoint.Root)
        {
            return new WitnessAnswer(WitnessOutcome.Conflict, checkpoint.Origin, "the log signed two trees of one size", known.Size);
        }

        if (!MerkleProof.IsConsistent(known.Size, known.Root, checkpoint.Size, checkpoint.Root, request.Proof))
        {
            return new WitnessAnswer(WitnessOutcome.BadProof, checkpoint.Origin, "the proof does not show that the log only grew");
        }

        await store.WriteAsync(checkpoint.Origin, request.Checkpoint.Text, cancellationToken); // before the cosignature is out: it can't be taken back
        return new WitnessAnswer(WitnessOutcome.Cosigned, checkpoint.Origin, $"{key.Cosign(request.Checkpoint.Text, time.GetUtcNow())}\n");
    }

    private static bool IsSigned(SignedNote note, List<NoteVerifier> keys)
    {
        try
        {
            return note.VerifiedBy(keys).Count > 0;
        }
        catch (NoteException)
        {
            return false;
        }
    }
}
