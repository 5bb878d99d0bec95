using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;

namespace ControlPlane.Api.Tests.Audit.Storage;

/// <summary>A process that writes to a log until it is killed (tests/AuditWriter), and what it said to be acknowledged.</summary>
internal sealed class WriterProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Channel<Acknowledged> _heard = Channel.CreateUnbounded<Acknowledged>();
    private readonly Task _reading;

    private WriterProcess(Process process)
    {
        _process = process;
        _reading = ReadAsync();
    }

    public static WriterProcess Start(params string[] arguments)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "..", "..", "AuditWriter", Path.GetFileName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar)), "AuditWriter.dll");
        return new WriterProcess(Process.Start(new ProcessStartInfo("dotnet", [program, .. arguments]) { RedirectStandardOutput = true, UseShellExecute = false })!);
    }

    /// <summary>The next so many acknowledged events; fails when the process ends before.</summary>
    public async Task<List<Acknowledged>> HearAsync(int count, CancellationToken cancellationToken)
    {
        List<Acknowledged> heard = [];
        while (heard.Count < count)
        {
            heard.Add(await _heard.Reader.ReadAsync(cancellationToken));
        }

        return heard;
    }

    /// <summary>Kills it (SIGKILL), wherever in a batch or a checkpoint it is, and gives all that it had still said.</summary>
    public async Task<List<Acknowledged>> KillAsync(CancellationToken cancellationToken)
    {
        _process.Kill();
        await _process.WaitForExitAsync(cancellationToken);
        return await _heard.Reader.ReadAllAsync(cancellationToken).ToListAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _reading;
        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Split(' ') is [var index, var id, { Length: 64 } leaf]) // a line that the kill cut off was not told whole
            {
                _heard.Writer.TryWrite(new Acknowledged(long.Parse(index, CultureInfo.InvariantCulture), Guid.Parse(id), leaf));
            }
        }

        _heard.Writer.Complete();
    }
}

/// <summary>An event that a process heard to be recorded.</summary>
internal sealed record Acknowledged(long Index, Guid Id, string Leaf);
