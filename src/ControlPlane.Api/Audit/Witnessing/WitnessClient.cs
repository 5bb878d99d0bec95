using System.Globalization;
using System.Net;
using Compliance.Audit;
using Compliance.Audit.Notes;
using Compliance.Audit.Tiles;
using Compliance.Audit.Witnessing;

namespace ControlPlane.Api.Audit.Witnessing;

/// <summary>Asks a witness to cosign a checkpoint (C2SP tlog-witness).</summary>
/// <param name="http">Connection.</param>
/// <param name="reader">Gives the tiles that proofs are made of.</param>
public sealed class WitnessClient(HttpClient http, IAuditReader reader)
{
    private const int LongestAnswer = 16 * 1024;

    /// <summary>Asks; tells the witness the size that it itself says to know, should it differ from what we believe.</summary>
    /// <param name="witness">Whom.</param>
    /// <param name="checkpoint">Signed checkpoint.</param>
    /// <param name="knownSize">Size that it cosigned last, as far as we know.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="WitnessException">It did not cosign.</exception>
    public async Task<NoteSignature> CosignAsync(WitnessAddress witness, SignedNote checkpoint, long knownSize, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(witness);
        ArgumentNullException.ThrowIfNull(checkpoint);
        var size = Checkpoint.Parse(checkpoint.Text).Size;
        var (status, text) = await PostAsync(witness, checkpoint, Math.Min(knownSize, size), size, cancellationToken);
        if (status == HttpStatusCode.Conflict && long.TryParse(text.TrimEnd('\n'), NumberStyles.None, CultureInfo.InvariantCulture, out var told))
        {
            if (told > size)
            {
                throw new WitnessException($"it has seen a log of {told} entries; ours has {size}: entries were lost here, or the log was put back to an old state") { ShowsTampering = true };
            }

            (status, text) = await PostAsync(witness, checkpoint, told, size, cancellationToken);
        }

        return status switch
        {
            HttpStatusCode.OK => Accept(witness, checkpoint, text),
            HttpStatusCode.Conflict => throw new WitnessException("it has seen another log of this size: ours was rewritten since") { ShowsTampering = true },
            HttpStatusCode.UnprocessableEntity => throw new WitnessException("our log does not continue the one that it has seen: it was rewritten since") { ShowsTampering = true },
            HttpStatusCode.Forbidden => throw new WitnessException("it does not know the key that signs our checkpoints"),
            HttpStatusCode.NotFound => throw new WitnessException("it does not know our log: start it with the log's key"),
            _ => throw new WitnessException($"it answered with status {(int)status}"),
        };
    }

    private async Task<(HttpStatusCode Status, string Text)> PostAsync(WitnessAddress witness, SignedNote checkpoint, long oldSize, long size, CancellationToken cancellationToken)
    {
        var proof = await new TiledTree(reader, size).ProveConsistencyAsync(oldSize, cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"{witness.Url.ToString().TrimEnd('/')}/add-checkpoint"))
        {
            Content = new ByteArrayContent(new WitnessRequest(oldSize, proof, checkpoint).Write()),
        };
        try
        {
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            await answer.Content.LoadIntoBufferAsync(LongestAnswer, cancellationToken);
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync(cancellationToken));
        }
        catch (HttpRequestException unreachable)
        {
            throw new WitnessException("it can't be reached", unreachable);
        }
    }

    private static NoteSignature Accept(WitnessAddress witness, SignedNote checkpoint, string text)
    {
        try
        {
            var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(NoteSignature.Parse);
            return lines.FirstOrDefault(line => witness.Key.Verifies(checkpoint.Text, line)) ?? throw new WitnessException("its answer is not signed by the key that is configured for it");
        }
        catch (NoteException malformed)
        {
            throw new WitnessException("its answer is malformed", malformed);
        }
    }
}

/// <summary>A witness did not cosign.</summary>
/// <param name="message">Why, to be read after the witness's name.</param>
/// <param name="cause">What happened.</param>
public sealed class WitnessException(string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>True when it refused because our log contradicts what it has seen of it.</summary>
    public bool ShowsTampering { get; init; }
}
