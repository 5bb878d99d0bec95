using System.Text;
using ControlPlane.Kubernetes.Tests.Testing;
using LocalCluster.NodeAgent.Logs;

namespace LocalCluster.Tests.NodeAgent;

public sealed class LogBufferTests
{
    private readonly LogBuffer _log = new(new TestClock());

    [Fact]
    public void A_log_that_grows_too_large_loses_its_oldest_lines()
    {
        var line = new string('x', 1000);
        for (var i = 0; i < 2000; i++)
        {
            _log.Write($"{i} {line}");
        }

        var (lines, _, _) = _log.Read(from: 0);

        Assert.InRange(lines.Sum(l => l.Text.Length), 500_000, 1024 * 1024);
        Assert.StartsWith("1999 ", Text(lines[^1]));
        Assert.Equal(Enumerable.Range((int)lines[0].Number, lines.Count).Select(n => (long)n), lines.Select(l => l.Number));
    }

    [Fact]
    public void A_text_of_several_lines_is_several_lines()
    {
        _log.Write("one\ntwo\n");

        Assert.Equal(["one", "two"], _log.Read(from: 0).Lines.Select(Text));
        Assert.Equal(["two"], _log.Read(from: 1).Lines.Select(Text));
    }

    [Fact]
    public void Whoever_waits_is_told_of_every_line_and_of_the_end()
    {
        var (_, _, written) = _log.Read(from: 0);
        Assert.False(written.IsCompleted);
        _log.Write("one");
        Assert.True(written.IsCompleted);

        var (_, _, ended) = _log.Read(from: 1);
        Assert.False(ended.IsCompleted);
        _log.Close();
        Assert.True(ended.IsCompleted);
        Assert.True(_log.Read(from: 1).IsClosed);
    }

    private static string Text(LogLine line) => Encoding.UTF8.GetString(line.Text.Span);
}
