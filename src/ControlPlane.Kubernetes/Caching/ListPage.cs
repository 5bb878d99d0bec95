using System.Buffers;
using System.Text.Json;
using ControlPlane.Kubernetes.Resources;

namespace ControlPlane.Kubernetes.Caching;

/// <summary>One page of a list.</summary>
/// <param name="Items">Decoded objects.</param>
/// <param name="Undecodable">Objects that did not fit the type, and why.</param>
/// <param name="ResourceVersion">Where a watch of the list can begin.</param>
/// <param name="Continue">Token of the next page; null on the last.</param>
internal sealed record ListPage<T>(
    IReadOnlyList<T> Items, IReadOnlyList<(ObjectKey Key, string Problem)> Undecodable, string ResourceVersion, string? Continue)
    where T : class, IKubeObject
{
    private const int FirstBuffer = 64 * 1024;

    /// <summary>Decodes a list while it comes: never more of it is held than the largest object needs.</summary>
    /// <exception cref="JsonException">Not a list.</exception>
    public static async Task<ListPage<T>> ReadAsync(Stream json, IObjectDecoder<T> decoder, CancellationToken cancellationToken)
    {
        var reader = new ListReader<T>(decoder);
        var buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
        try
        {
            var filled = 0;
            while (!reader.IsAtEnd)
            {
                var count = await json.ReadAsync(buffer.AsMemory(filled), cancellationToken);
                filled += count;
                var taken = reader.Take(buffer.AsSpan(0, filled), isLast: count == 0);
                filled -= taken;
                buffer.AsSpan(taken, filled).CopyTo(buffer);
                if (filled == buffer.Length)
                {
                    buffer = Doubled(buffer);
                }
            }

            return reader.ToPage();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static byte[] Doubled(byte[] buffer)
    {
        var larger = ArrayPool<byte>.Shared.Rent(2 * buffer.Length);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }
}
