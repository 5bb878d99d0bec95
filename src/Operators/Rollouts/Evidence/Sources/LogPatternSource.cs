using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Rollouts;
using Operators.Cluster;
using Operators.Metrics;

namespace Operators.Rollouts.Evidence.Sources;

/// <summary>
/// Counts the lines of the canary's logs that match. What a line says stays in the log: it may hold what nobody else may read.
/// </summary>
/// <param name="api">The cluster.</param>
/// <param name="pods">The pods of the canary.</param>
internal sealed class LogPatternSource(KubeApi api, SidePods pods) : IEvidenceSource
{
    /// <summary>Instances whose logs are read at most, and how much of each interval.</summary>
    private const int MostPods = 20;
    private const int MostBytes = 1024 * 1024;

    public RolloutMetricType Type => RolloutMetricType.LogPattern;

    public async Task<SourceFinding> FindAsync(SourceQuestion question, CancellationToken cancellationToken)
    {
        IReadOnlyList<Regex> patterns = [.. (question.Metric.Logs?.Patterns ?? []).Select(Compile)];
        var canaries = pods.Of(question.Member.Service, Tracks.Canary);
        if (canaries.Count == 0)
        {
            return SourceFinding.Nothing;
        }

        var (matches, last) = (0L, (string?)null);
        foreach (var pod in canaries.Take(MostPods))
        {
            var (inPod, pattern) = Count(await ReadAsync(pod, question.From, cancellationToken), question.From, question.To, patterns);
            matches += inPod;
            last = pattern is null ? last : $"'{pattern}' in {pod.Metadata.Name}";
        }

        return new() { Value = matches.ToString(CultureInfo.InvariantCulture), Detail = last };
    }

    /// <summary>How an expression of a declaration is read: without backtracking, so that no line can take long.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    /// <exception cref="NotSupportedException">It needs backtracking.</exception>
    internal static Regex Compile(string pattern) => new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, Regex.InfiniteMatchTimeout);

    /// <summary>Lines of a time that match, and the pattern that the last one of them matches. Each line begins with its time, as the API writes it when asked to.</summary>
    internal static (long Matches, string? Pattern) Count(string log, DateTimeOffset from, DateTimeOffset to, IReadOnlyList<Regex> patterns)
    {
        var (matches, last) = (0L, (string?)null);
        foreach (var range in log.AsSpan().Split('\n'))
        {
            var line = log.AsSpan(range);
            var blank = line.IndexOf(' ');
            if (blank < 0 || !DateTimeOffset.TryParse(line[..blank], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) || at < from || at >= to)
            {
                continue;
            }

            foreach (var pattern in patterns)
            {
                if (pattern.IsMatch(line[(blank + 1)..]))
                {
                    (matches, last) = (matches + 1, pattern.ToString());
                    break;
                }
            }
        }

        return (matches, last);
    }

    private async Task<string> ReadAsync(PodView pod, DateTimeOffset from, CancellationToken cancellationToken)
    {
        var since = Uri.EscapeDataString(from.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
        var container = Uri.EscapeDataString(pod.Spec.Containers is [var first, ..] ? first.Name : "");
        try
        {
            return Encoding.UTF8.GetString(await api.GetRawAsync(
                $"{KnownResources.Pods.ObjectPath(pod.Metadata.Key)}/log?container={container}&sinceTime={since}&timestamps=true&limitBytes={MostBytes.ToString(CultureInfo.InvariantCulture)}",
                cancellationToken));
        }
        catch (KubeApiException e) when (e.IsNotFound || e.IsInvalid)
        {
            return ""; // it is gone, or its container has not begun
        }
        catch (KubeApiException e) when (e.IsForbidden)
        {
            throw new MetricsException(MetricsFailure.Denied, "the control plane may not read the logs of pods (get pods/log)", e);
        }
        catch (Exception e) when (e is KubeApiException or HttpRequestException or TimeoutException)
        {
            throw new MetricsException(MetricsFailure.Unreachable, $"the log of pod {pod.Metadata.Name} can't be read", e);
        }
    }
}
