using System.Diagnostics;
using System.Globalization;

namespace Performance.Gateways;

/// <summary>What wrk (Debian) says of a server.</summary>
/// <param name="PerSecond">Requests per second.</param>
/// <param name="P50">Median time of a request.</param>
/// <param name="P99">99th percentile.</param>
/// <param name="Failures">Answers other than 2xx and 3xx, and connections that failed.</param>
internal sealed record WrkRun(double PerSecond, TimeSpan P50, TimeSpan P99, long Failures)
{
    private const string Refused = "Non-2xx or 3xx responses:";
    private const string SocketErrors = "Socket errors:";

    public static async Task<WrkRun> MeasureAsync(Uri address, string host, int connections, int seconds, CancellationToken cancellationToken)
    {
        using var wrk = Process.Start(new ProcessStartInfo("wrk", ["-t1", $"-c{connections}", $"-d{seconds}s", "--latency", "-H", $"Host: {host}", address.AbsoluteUri])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        var text = await wrk.StandardOutput.ReadToEndAsync(cancellationToken);
        await wrk.WaitForExitAsync(cancellationToken);
        var lines = text.Split('\n', StringSplitOptions.TrimEntries);
        return new(
            double.Parse(After(lines, "Requests/sec:")!, CultureInfo.InvariantCulture),
            Time(After(lines, "50%")!),
            Time(After(lines, "99%")!),
            Numbers(After(lines, Refused)).Concat(Numbers(After(lines, SocketErrors))).Sum());
    }

    /// <summary>The median of each figure of several runs, and the failures of all.</summary>
    public static WrkRun Median(IReadOnlyCollection<WrkRun> runs)
    {
        T Middle<T>(Func<WrkRun, T> figure) => runs.Select(figure).Order().ElementAt(runs.Count / 2);
        return new(Middle(static run => run.PerSecond), Middle(static run => run.P50), Middle(static run => run.P99), runs.Sum(static run => run.Failures));
    }

    private static string? After(string[] lines, string word) =>
        lines.FirstOrDefault(line => line.StartsWith(word, StringComparison.Ordinal))?[word.Length..].Trim();

    /// <summary>Of <c>connect 0, read 3, write 0, timeout 1</c>, or of a lone number.</summary>
    private static IEnumerable<long> Numbers(string? text) => (text ?? "")
        .Split([' ', ','], StringSplitOptions.RemoveEmptyEntries)
        .Where(static word => char.IsAsciiDigit(word[0]))
        .Select(static word => long.Parse(word, CultureInfo.InvariantCulture));

    private static TimeSpan Time(string text)
    {
        var value = double.Parse(text.TrimEnd('u', 'm', 's'), CultureInfo.InvariantCulture);
        return text.EndsWith("us", StringComparison.Ordinal) ? TimeSpan.FromMicroseconds(value)
            : text.EndsWith("ms", StringComparison.Ordinal) ? TimeSpan.FromMilliseconds(value)
            : TimeSpan.FromSeconds(value);
    }
}
