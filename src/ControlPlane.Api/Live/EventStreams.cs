using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;

namespace ControlPlane.Api.Live;

/// <summary>Server-sent events.</summary>
internal static class EventStreams
{
    /// <summary>
    /// Sends the head of the answer before the first event: else a client would not know that it listens until something happens. The events are asked
    /// for before that, so that nothing is missed which happens once the client knows.
    /// </summary>
    public static async IAsyncEnumerable<T> OpenAtOnceAsync<T>(this IAsyncEnumerable<T> events, HttpResponse response, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await using var each = events.GetAsyncEnumerator(cancellationToken);
        var next = each.MoveNextAsync().AsTask();
        await response.Body.FlushAsync(cancellationToken);
        while (await next)
        {
            yield return each.Current;
            next = each.MoveNextAsync().AsTask();
        }
    }
}
