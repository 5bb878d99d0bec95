using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;

namespace LocalCluster.NodeAgent.Images.Echo;

/// <summary>Sends the messages of a WebSocket back until the client closes it.</summary>
internal static class EchoSocketFrames
{
    public static async Task AnswerAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[4096];
        try
        {
            while (await socket.ReceiveAsync(buffer.AsMemory(), context.RequestAborted) is { MessageType: not WebSocketMessageType.Close } received)
            {
                await socket.SendAsync(buffer.AsMemory(0, received.Count), received.MessageType, received.EndOfMessage, context.RequestAborted);
            }

            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, statusDescription: null, context.RequestAborted);
        }
        catch (WebSocketException)
        {
            // The client went away without a word.
        }
    }
}
