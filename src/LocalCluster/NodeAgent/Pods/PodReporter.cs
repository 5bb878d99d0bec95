using System.Globalization;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Resources;
using LocalCluster.Workloads;
using Microsoft.Extensions.Logging;

namespace LocalCluster.NodeAgent.Pods;

/// <summary>Keeps what the API says of one pod as its node sees it. Knows the newest version of the pod, whoever wrote it.</summary>
/// <param name="pod">The pod.</param>
/// <param name="writer">Writes.</param>
/// <param name="time">Clock.</param>
/// <param name="logger">Log.</param>
internal sealed partial class PodReporter(Pod pod, ObjectWriter writer, TimeProvider time, ILogger<PodReporter> logger)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private Pod _known = pod;

    /// <summary>The newest version that is known.</summary>
    public Pod Known
    {
        get
        {
            lock (_gate)
            {
                return _known;
            }
        }
    }

    /// <summary>Takes in a version that the API shows, unless a later one was stored by us and its echo is still to come.</summary>
    public void Learn(Pod shown)
    {
        lock (_gate)
        {
            if (Version(shown) > Version(_known))
            {
                _known = shown;
            }
        }
    }

    /// <summary>Reports a status. Tries until the API takes it; each try starts from what is known then.</summary>
    /// <param name="plan">The status that follows from the pod.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>False when the pod is gone.</returns>
    public async Task<bool> ReportAsync(Func<Pod, PodStatus> plan, CancellationToken cancellationToken)
    {
        for (var pause = FirstPause; ; pause = 2 * pause < LongestPause ? 2 * pause : LongestPause)
        {
            var before = Known;
            var status = plan(before);
            try
            {
                // Whatever version is stored: of what a node reports, the node is the only judge.
                var anyVersion = before.Metadata with { ResourceVersion = null };
                var version = await writer.WriteStatusAsync(KnownResources.Pods, anyVersion, before.Status, status, cancellationToken);
                if (version is not null)
                {
                    Learn(before with { Metadata = before.Metadata with { ResourceVersion = version }, Status = status });
                }

                return true;
            }
            catch (KubeApiException e) when (e.IsNotFound || e.IsConflict)
            {
                return false; // gone, or another pod of the same name in its place
            }
            catch (Exception e) when (ApiFailure.Is(e))
            {
                LogFailed(before.Metadata.Key, e.Message);
                await Task.Delay(pause, time, cancellationToken);
            }
        }
    }

    /// <summary>Removes the pod, whose containers have ended.</summary>
    public async Task RemoveAsync(CancellationToken cancellationToken)
    {
        for (var pause = FirstPause; ; pause = 2 * pause < LongestPause ? 2 * pause : LongestPause)
        {
            try
            {
                await writer.DeleteAsync(KnownResources.Pods, Known.Metadata, TimeSpan.Zero, cancellationToken);
                return;
            }
            catch (Exception e) when (ApiFailure.Is(e))
            {
                LogFailed(Known.Metadata.Key, e.Message);
                await Task.Delay(pause, time, cancellationToken);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The API did not take what its node says of pod {Pod}; trying again. {Problem}")]
    private partial void LogFailed(ObjectKey pod, string problem);

    private static ulong Version(Pod pod) =>
        ulong.TryParse(pod.Metadata.ResourceVersion, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0;
}
