using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Resources;

namespace ControlPlane.Kubernetes.Caching;

/// <summary>
/// One watch after another over the client's HTTP connection. Unlike KubernetesClient's own, it tells as soon as the server has accepted it,
/// ends without an error when the server closes it, parses each line once from the pipe, and gives up when the server falls silent.
/// </summary>
internal sealed class ResourceWatch<T>(KubeConnection connection, ResourceType type, CacheScope scope, IObjectDecoder<T> decoder, TimeProvider time)
    where T : class, IKubeObject
{
    /// <summary>A server that sends bookmarks does so about once a minute; after this long without anything, it is not there any more.</summary>
    private static readonly TimeSpan SilenceWithBookmarks = TimeSpan.FromMinutes(3);

    /// <summary>How long past its own time limit a server may take to close the watch.</summary>
    private static readonly TimeSpan ClosingGrace = TimeSpan.FromSeconds(30);

    private bool _serverSendsBookmarks;

    /// <summary>Reads events until the server closes the watch. The first is <see cref="WatchEventType.Opened"/>.</summary>
    /// <param name="resourceVersion">Only what happened after this version.</param>
    /// <param name="cancellationToken">Ends the watch.</param>
    /// <exception cref="KubeApiException">The server refused the watch, or ended it with an error: either may say that the version is too old.</exception>
    /// <exception cref="TimeoutException">The server did not answer.</exception>
    /// <exception cref="WatchStalledException">The server fell silent later.</exception>
    public async IAsyncEnumerable<WatchEvent<T>> ReadAsync(string resourceVersion, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var limit = TimeSpan.FromSeconds(Random.Shared.Next(290, 590)); // spread, so that watches do not all end at once
        using var watchdog = new CancellationTokenSource(connection.CallTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, watchdog.Token);

        using var response = await OpenAsync(scope.ToWatchPath(type, resourceVersion, (int)limit.TotalSeconds), either.Token, cancellationToken);
        yield return WatchEvent<T>.Opened;

        var pipe = PipeReader.Create(
            await response.Content.ReadAsStreamAsync(cancellationToken), new StreamPipeReaderOptions(bufferSize: 32 * 1024));
        try
        {
            while (true)
            {
                var patience = _serverSendsBookmarks ? SilenceWithBookmarks : limit + ClosingGrace;
                watchdog.CancelAfter(patience);
                ReadResult read;
                try
                {
                    read = await pipe.ReadAsync(either.Token);
                }
                catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
                {
                    throw new WatchStalledException(patience);
                }

                var buffer = read.Buffer;
                while (TryTakeLine(ref buffer, out var line))
                {
                    if (Decode(line) is { } item)
                    {
                        _serverSendsBookmarks |= item.Type == WatchEventType.Bookmark;
                        yield return item;
                    }
                }

                pipe.AdvanceTo(buffer.Start, buffer.End);
                if (read.IsCompleted)
                {
                    yield break; // half a line at the end was never an event
                }
            }
        }
        finally
        {
            await pipe.CompleteAsync();
        }
    }

    private async Task<HttpResponseMessage> OpenAsync(string path, CancellationToken limited, CancellationToken cancellationToken)
    {
        try
        {
            return await connection.OpenAsync(path, limited);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"the Kubernetes API did not accept a watch of {type} within {connection.CallTimeout.TotalSeconds:0} s", e);
        }
    }

    private WatchEvent<T>? Decode(ReadOnlySequence<byte> line)
    {
        if (line.IsSingleSegment)
        {
            return WatchLineReader.Read(line.FirstSpan, decoder);
        }

        var length = (int)line.Length;
        var rented = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            line.CopyTo(rented);
            return WatchLineReader.Read(rented.AsSpan(0, length), decoder);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static bool TryTakeLine(ref ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> line)
    {
        if (buffer.PositionOf((byte)'\n') is not { } end)
        {
            line = default;
            return false;
        }

        line = buffer.Slice(0, end);
        buffer = buffer.Slice(buffer.GetPosition(1, end));
        return true;
    }
}
