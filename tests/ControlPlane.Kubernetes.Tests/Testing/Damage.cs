using System.Text;
using CsCheck;

namespace ControlPlane.Kubernetes.Tests.Testing;

/// <summary>Bytes as a broken network, disk or server might make them of a good text: cut off, with bytes changed or missing.</summary>
internal static class Damage
{
    public static Gen<byte[]> Of(params string[] texts) =>
        from which in Gen.Int[0, texts.Length - 1]
        from edits in Gen.Select(Gen.Int[0, 2], Gen.Int[0, 10_000], Gen.Byte).Array[0, 4]
        select edits.Aggregate(Encoding.UTF8.GetBytes(texts[which]), Apply);

    private static byte[] Apply(byte[] bytes, (int Kind, int Place, byte Value) edit)
    {
        if (bytes.Length == 0)
        {
            return bytes;
        }

        var at = edit.Place % bytes.Length;
        return edit.Kind switch
        {
            0 => bytes[..at],
            1 => [.. bytes[..at], edit.Value, .. bytes[(at + 1)..]],
            _ => [.. bytes[..at], .. bytes[(at + 1)..]],
        };
    }
}
