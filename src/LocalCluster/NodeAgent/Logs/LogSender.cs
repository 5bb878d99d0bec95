using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;

namespace LocalCluster.NodeAgent.Logs;

/// <summary>Writes the part of a log that was asked for.</summary>
internal static class LogSender
{
    /// <summary>Sends until there is nothing more to send, or the reader goes away.</summary>
    public static async Task SendAsync(LogBuffer log, LogQuery query, PipeWriter output, CancellationToken cancellationToken)
    {
        var budget = query.LimitBytes ?? long.MaxValue;
        var (lines, isClosed, changed) = log.Read(from: 0);
        IEnumerable<LogLine> wanted = query.Since is { } since ? lines.Where(line => line.At >= since) : lines;
        wanted = query.TailLines is { } tail ? wanted.TakeLast((int)Math.Min(tail, int.MaxValue)) : wanted;
        while (true)
        {
            foreach (var line in wanted)
            {
                budget -= Write(output, line, query.Timestamps, budget);
            }

            await output.FlushAsync(cancellationToken);
            if (budget <= 0 || isClosed || !query.Follow)
            {
                return;
            }

            await changed.WaitAsync(cancellationToken);
            var next = lines.Count > 0 ? lines[^1].Number + 1 : 0;
            (var more, isClosed, changed) = log.Read(next);
            wanted = more;
            lines = more.Count > 0 ? more : lines;
        }
    }

    private static long Write(PipeWriter output, LogLine line, bool timestamps, long budget)
    {
        var text = timestamps ? [.. Encoding.ASCII.GetBytes(Rfc3339(line.At)), (byte)' ', .. line.Text.Span, (byte)'\n'] : (byte[])[.. line.Text.Span, (byte)'\n'];
        var length = (int)Math.Min(text.Length, Math.Max(0, budget));
        output.Write(text.AsSpan(0, length));
        return length;
    }

    /// <summary>RFC 3339 with nine digits of a second, as container runtimes stamp lines.</summary>
    private static string Rfc3339(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'00Z'", CultureInfo.InvariantCulture);
}
