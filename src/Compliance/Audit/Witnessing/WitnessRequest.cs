using System.Text;
using Compliance.Audit.Notes;
using Compliance.Audit.Packages;

namespace Compliance.Audit.Witnessing;

/// <summary>What a log asks a witness for (C2SP tlog-witness, <c>add-checkpoint</c>): to cosign a checkpoint that continues the one it knows.</summary>
/// <param name="OldSize">Size of the checkpoint that the witness cosigned last; 0 when none.</param>
/// <param name="Proof">Consistency proof from there.</param>
/// <param name="Checkpoint">The signed checkpoint.</param>
public sealed record WitnessRequest(long OldSize, IReadOnlyList<TreeHash> Proof, SignedNote Checkpoint)
{
    /// <summary>Reads a request.</summary>
    /// <exception cref="NoteException">It is malformed.</exception>
    public static WitnessRequest Parse(ReadOnlySpan<byte> body)
    {
        var border = body.IndexOf("\n\n"u8);
        if (border < 0)
        {
            throw new NoteException("a request is an old size, a consistency proof, a blank line and a checkpoint");
        }

        var (oldSize, proof) = ConsistencyProof.Read(Encoding.ASCII.GetString(body[..(border + 1)]));
        return new WitnessRequest(oldSize, proof, SignedNote.Parse(body[(border + 2)..]));
    }

    /// <summary>The request's body.</summary>
    public byte[] Write() => [.. ConsistencyProof.Write(OldSize, Proof), (byte)'\n', .. Encoding.UTF8.GetBytes(Checkpoint.ToString())];
}
