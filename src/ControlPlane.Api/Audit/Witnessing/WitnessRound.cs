using Compliance.Audit;
using Compliance.Audit.Notes;
using Compliance.Audit.Sequencing;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Api.Audit.Witnessing;

/// <summary>
/// Has each new checkpoint cosigned, and keeps the cosigned ones: the newest is what exports are proved against. A witness that is away is asked again
/// with the next checkpoint; the log never waits for one.
/// </summary>
/// <param name="reader">The log.</param>
/// <param name="client">Asks.</param>
/// <param name="witnesses">Whom.</param>
/// <param name="path">File of the newest cosigned checkpoint.</param>
/// <param name="alarm">Told when a witness saw another log than ours.</param>
/// <param name="logger">Told about failures.</param>
public sealed partial class WitnessRound(
    IAuditReader reader, WitnessClient client, IReadOnlyList<WitnessAddress> witnesses, string path, IAuditAlarm alarm, ILogger<WitnessRound> logger)
{
    private readonly Dictionary<string, WitnessState> _states = witnesses.ToDictionary(static witness => witness.Key.ToString(), static witness => new WitnessState(witness.Key.Name, 0, null, null));
    private string? _asked;
    private volatile WitnessStatus _status = new([.. witnesses.Select(static witness => new WitnessState(witness.Key.Name, 0, null, null))], 0);

    /// <summary>As of the last round.</summary>
    public WitnessStatus Status => _status;

    /// <summary>The newest checkpoint that a witness cosigned; null before the first.</summary>
    public async Task<string?> LatestCosignedAsync(CancellationToken cancellationToken) => File.Exists(path) ? await File.ReadAllTextAsync(path, cancellationToken) : null;

    /// <summary>Asks all witnesses about the newest checkpoint, if they were not asked about it before or one of them failed.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (await reader.LatestCheckpointAsync(cancellationToken) is not { } latest || (latest == _asked && _states.Values.All(static state => state.Failure is null)))
        {
            return;
        }

        var note = SignedNote.Parse(latest);
        var size = Checkpoint.Parse(note.Text).Size;
        var answers = await Task.WhenAll(witnesses.Select(witness => AskAsync(witness, note, size, cancellationToken)));
        foreach (var cosignature in answers.OfType<NoteSignature>())
        {
            note = note.With(cosignature);
        }

        if (answers.Any(static answer => answer is not null))
        {
            await KeepAsync(note, cancellationToken);
        }

        _asked = latest;
        _status = new WitnessStatus([.. witnesses.Select(witness => _states[witness.Key.ToString()])], size);
    }

    private async Task<NoteSignature?> AskAsync(WitnessAddress witness, SignedNote note, long size, CancellationToken cancellationToken)
    {
        var key = witness.Key.ToString();
        NoteSignature? cosignature = null;
        WitnessState state;
        try
        {
            cosignature = await client.CosignAsync(witness, note, _states[key].Size, cancellationToken);
            state = new WitnessState(witness.Key.Name, size, NoteVerifier.TimeOf(cosignature), null);
        }
        catch (WitnessException failure)
        {
            Failed(logger, witness.Key.Name, failure.Message);
            if (failure.ShowsTampering && failure.Message != _states[key].Failure)
            {
                alarm.Raise(AuditAlarmKind.Tampered, $"witness {witness.Key.Name} does not cosign: {failure.Message}");
            }

            state = _states[key] with { Failure = failure.Message };
        }

        lock (_states)
        {
            _states[key] = state;
        }

        return cosignature;
    }

    /// <summary>Whole or not at all, and not over a later one: replicas share the file.</summary>
    private async Task KeepAsync(SignedNote note, CancellationToken cancellationToken)
    {
        if (await LatestCosignedAsync(cancellationToken) is { } kept && Checkpoint.Parse(SignedNote.Parse(kept).Text).Size > Checkpoint.Parse(note.Text).Size)
        {
            return;
        }

        var unfinished = $"{path}.{Guid.NewGuid():N}.new";
        await File.WriteAllTextAsync(unfinished, note.ToString(), cancellationToken);
        File.Move(unfinished, path, overwrite: true);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Witness {Witness} did not cosign the newest checkpoint: {Reason}")]
    private static partial void Failed(ILogger logger, string witness, string reason);
}
