using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Performance.Gateways;

/// <summary>What wrk (Debian) says of a server.</summary>
/// <param name="PerSecond">Requests per second.</param>
/// <param name="P50">Median time of a request.</param>
/// <param name="P99">99th percentile.</param>
/// <param name="Failures">Answers other than 2xx and 3xx, and connections that failed.</param>
internal sealed partial record WrkRun(double PerSecond, TimeSpan P50, TimeSpan P99, long Failures)
{
    public static async Task<WrkRun> MeasureAsync(string url, string host, int connections, int seconds, CancellationToken cancellationToken)
    {
        using var wrk = Process.Start(new ProcessStartInfo("wrk", ["-t1", $"-c{connections}", $"-d{seconds}s", "--latency", "-H", $"Host: {host}", url]) { RedirectStandardOutput = true })!;
        var text = await wrk.StandardOutput.ReadToEndAsync(cancellationToken);
        await wrk.WaitForExitAsync(cancellationToken);
        return new(
            double.Parse(Rate().Match(text).Groups[1].Value, CultureInfo.InvariantCulture),
            Time(text, "50%"),
            Time(text, "99%"),
            Failed().Matches(text).Sum(match => long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)));
    }

    private static TimeSpan Time(string text, string percentile)
    {
        var match = Regex.Match(text, $@"^\s+{percentile}\s+([\d.]+)(us|ms|s)", RegexOptions.Multiline);
        var value = double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
        return match.Groups[2].Value switch { "us" => TimeSpan.FromMicroseconds(value), "ms" => TimeSpan.FromMilliseconds(value), _ => TimeSpan.FromSeconds(value) };
    }

    [GeneratedRegex(@"Requests/sec:\s+([\d.]+)")]
    private static partial Regex Rate();

    [GeneratedRegex(@"Non-2xx or 3xx responses: (\d+)|connect (\d+), read|timeout (\d+)")]
    private static partial Regex Failed();
}
