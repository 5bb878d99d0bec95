using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ControlPlane.Api.Tests.Notifications;

/// <summary>As much of an SMTP server (RFC 5321) as takes one mail after the other, in clear.</summary>
internal sealed class SmtpListener : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _gone = new();
    private readonly Task _listening;

    public SmtpListener()
    {
        _listener.Start();
        _listening = ListenAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>What it answers to a recipient.</summary>
    public string Answer { get; set; } = "250 OK";

    /// <summary>Commands and mails that it got.</summary>
    public System.Collections.Concurrent.ConcurrentQueue<string> Lines { get; } = [];

    public async ValueTask DisposeAsync()
    {
        await _gone.CancelAsync();
        _listener.Stop();
        await _listening;
        _gone.Dispose();
    }

    private async Task ListenAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_gone.Token);
                await TalkAsync(client.GetStream());
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or IOException)
        {
            // The test is over.
        }
    }

    private async Task TalkAsync(Stream stream)
    {
        using var reader = new StreamReader(stream, Encoding.ASCII);
        await using var writer = new StreamWriter(stream, Encoding.ASCII) { AutoFlush = true, NewLine = "\r\n" };
        await writer.WriteLineAsync("220 test");
        var isData = false;
        while (await reader.ReadLineAsync(_gone.Token) is { } line)
        {
            Lines.Enqueue(line);
            if (isData)
            {
                isData = line != ".";
                if (!isData)
                {
                    await writer.WriteLineAsync("250 taken");
                }

                continue;
            }

            isData = line.StartsWith("DATA", StringComparison.OrdinalIgnoreCase);
            await writer.WriteLineAsync(line switch
            {
                _ when isData => "354 go on",
                _ when line.StartsWith("RCPT", StringComparison.OrdinalIgnoreCase) => Answer,
                _ when line.StartsWith("QUIT", StringComparison.OrdinalIgnoreCase) => "221 bye",
                _ => "250 OK",
            });
        }
    }
}
