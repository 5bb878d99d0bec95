using System.Text;

namespace LocalCluster.NodeAgent.Logs;

/// <summary>One line of a container's log.</summary>
/// <param name="Number">Counts from 0.</param>
/// <param name="At">When it was written.</param>
/// <param name="Text">UTF-8, without line end.</param>
internal readonly record struct LogLine(long Number, DateTimeOffset At, ReadOnlyMemory<byte> Text);

/// <summary>The newest lines that one run of a container has written, up to 1 MB; older ones are lost.</summary>
/// <param name="time">Clock.</param>
internal sealed class LogBuffer(TimeProvider time)
{
    private const int MostBytes = 1024 * 1024;

    /// <summary>What a line costs beside its text.</summary>
    private const int Overhead = 64;

    private readonly Lock _gate = new();
    private readonly Queue<LogLine> _lines = new();
    private long _bytes;
    private long _next;
    private bool _closed;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Adds a text, which may be several lines.</summary>
    public void Write(string text)
    {
        lock (_gate)
        {
            if (_closed)
            {
                return;
            }

            var at = time.GetUtcNow();
            foreach (var line in text.TrimEnd('\n', '\r').Split('\n'))
            {
                var bytes = Encoding.UTF8.GetBytes(line);
                _lines.Enqueue(new LogLine(_next++, at, bytes));
                _bytes += bytes.Length + Overhead;
            }

            while (_bytes > MostBytes && _lines.Count > 1)
            {
                _bytes -= _lines.Dequeue().Text.Length + Overhead;
            }

            Wake();
        }
    }

    /// <summary>The run has ended; nothing more will come.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            Wake();
        }
    }

    /// <summary>The lines from a number on that are still there.</summary>
    /// <param name="from">Number of the first.</param>
    /// <returns>The lines; whether more can come; and a task that ends when there are more or the run has ended.</returns>
    public (IReadOnlyList<LogLine> Lines, bool IsClosed, Task Changed) Read(long from)
    {
        lock (_gate)
        {
            return ([.. _lines.SkipWhile(line => line.Number < from)], _closed, _changed.Task);
        }
    }

    private void Wake()
    {
        _changed.SetResult();
        _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
