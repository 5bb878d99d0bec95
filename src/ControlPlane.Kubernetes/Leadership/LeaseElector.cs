using System.Text.Json;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Resources;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Kubernetes.Leadership;

/// <summary>How an election is held.</summary>
public sealed record LeaseElectorOptions
{
    /// <summary>Namespace and name of the Lease.</summary>
    public required ObjectKey Lease { get; init; }

    /// <summary>Who we are; unique among the candidates.</summary>
    public required string Identity { get; init; }

    /// <summary>How long others wait for a holder that does not renew. Default 15 s.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long after its last renewal a holder gives up by itself; must be shorter than <see cref="LeaseDuration"/>. Default 10 s.</summary>
    public TimeSpan RenewDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Pause between attempts. Default 2 s.</summary>
    public TimeSpan RetryPeriod { get; init; } = TimeSpan.FromSeconds(2);
}

/// <summary>
/// Elects one leader among several processes over a Lease, to client-go's contract. Time is measured on the monotonic clock of each
/// process: no clock is compared with another's. One call is under way at a time, and a call that hangs is given up early enough for another.
/// </summary>
/// <remarks>
/// A leader that can't renew stops leading <em>before</em> another may begin: it counts from the start of its last successful renewal, the
/// others from when they saw it. What it has under way is cancelled through the token of <see cref="LeadAsync"/>.
/// </remarks>
public sealed partial class LeaseElector(KubeApi api, LeaseElectorOptions options, TimeProvider time, ILogger<LeaseElector> logger)
{
    private readonly WriteOptions _write = new() { FieldManager = "dabbawala-elector" };

    /// <summary>What the lease looked like when it changed last, and when we saw it: the basis for calling it expired.</summary>
    private (string Version, long SeenAt)? _observed;
    private long _renewedAt;
    private bool _leading;

    /// <summary>True while this process may act as the leader.</summary>
    public bool IsLeader => Volatile.Read(ref _leading) && time.GetElapsedTime(Volatile.Read(ref _renewedAt)) < options.RenewDeadline;

    /// <summary>
    /// Waits to be elected, runs <paramref name="lead"/>, and returns when leadership is lost or the work is over. The caller ends the process
    /// on loss: what is under way elsewhere in it can't be taken back.
    /// </summary>
    /// <returns>True when leadership was lost; false when the work ended by itself or was cancelled.</returns>
    public async Task<bool> LeadAsync(Func<CancellationToken, Task> lead, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(lead);
        await AcquireAsync(cancellationToken);
        using var leading = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var renewing = RenewAsync(leading.Token);
        var work = lead(leading.Token);
        var first = await Task.WhenAny(renewing, work);
        Volatile.Write(ref _leading, false);
        await leading.CancelAsync();
        await Task.WhenAll(Quietly(renewing), Quietly(work));
        await ReleaseAsync();
        if (first == work)
        {
            await work; // if it failed, that is what the caller must hear of
            return false;
        }

        return !cancellationToken.IsCancellationRequested;
    }

    private async Task AcquireAsync(CancellationToken cancellationToken)
    {
        LogWaiting(options.Lease, options.Identity);
        while (!await TryAcquireOrRenewAsync(cancellationToken))
        {
            await Task.Delay(options.RetryPeriod * (1 + (Random.Shared.NextDouble() / 5)), time, cancellationToken);
        }

        LogLeading(options.Lease, options.Identity);
    }

    /// <summary>Renews until it could not for <see cref="LeaseElectorOptions.RenewDeadline"/>.</summary>
    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        while (time.GetElapsedTime(_renewedAt) < options.RenewDeadline)
        {
            await Task.Delay(options.RetryPeriod, time, cancellationToken);
            if (!await TryAcquireOrRenewAsync(cancellationToken) && HolderIsSomebodyElse)
            {
                break;
            }
        }

        LogLost(options.Lease, options.Identity);
    }

    private bool HolderIsSomebodyElse { get; set; }

    /// <summary>One attempt. Whatever the server or the network does, the answer is no.</summary>
    private async Task<bool> TryAcquireOrRenewAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(AttemptLimit(), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        var started = time.GetTimestamp();
        try
        {
            var lease = await api.FindAsync<Lease>(Lease.ResourceType, options.Lease, either.Token);
            HolderIsSomebodyElse = lease is not null && !MayTake(lease);
            if (HolderIsSomebodyElse)
            {
                return false;
            }

            await StoreAsync(lease, either.Token);
            Volatile.Write(ref _renewedAt, started);
            Volatile.Write(ref _leading, true);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            LogAttemptFailed(options.Lease, "the API did not answer in time");
            return false;
        }
        catch (Exception e) when (e is KubeApiException or HttpRequestException or IOException or TimeoutException or JsonException)
        {
            LogAttemptFailed(options.Lease, e.Message);
            return false;
        }
    }

    /// <summary>Half of the deadline, so that one call that hangs leaves time for another; and never beyond the deadline itself.</summary>
    private TimeSpan AttemptLimit()
    {
        var half = options.RenewDeadline / 2;
        var left = _leading ? options.RenewDeadline - time.GetElapsedTime(_renewedAt) : half;
        return left <= TimeSpan.Zero ? TimeSpan.FromMilliseconds(1) : left < half ? left : half;
    }

    /// <summary>Ours, free, or not renewed for its whole duration since we first saw it so.</summary>
    private bool MayTake(Lease lease)
    {
        if (_observed?.Version != lease.Metadata.ResourceVersion)
        {
            _observed = (lease.Metadata.ResourceVersion ?? "", time.GetTimestamp());
        }

        return string.IsNullOrEmpty(lease.Spec.HolderIdentity)
            || lease.Spec.HolderIdentity == options.Identity
            || time.GetElapsedTime(_observed!.Value.SeenAt) > TimeSpan.FromSeconds(lease.Spec.LeaseDurationSeconds ?? options.LeaseDuration.TotalSeconds);
    }

    private async Task StoreAsync(Lease? current, CancellationToken cancellationToken)
    {
        var now = MicroTime.Format(time.GetUtcNow());
        var isOurs = current?.Spec.HolderIdentity == options.Identity;
        var next = new Lease
        {
            Metadata = new() { Name = options.Lease.Name, Namespace = options.Lease.Namespace, ResourceVersion = current?.Metadata.ResourceVersion },
            Spec = new()
            {
                HolderIdentity = options.Identity,
                LeaseDurationSeconds = (int)options.LeaseDuration.TotalSeconds,
                AcquireTime = isOurs ? current!.Spec.AcquireTime : now,
                RenewTime = now,
                LeaseTransitions = (current?.Spec.LeaseTransitions ?? 0) + (isOurs || current is null ? 0 : 1),
            },
        };
        var body = JsonSerializer.SerializeToUtf8Bytes(next, KubeJson.Options);
        _ = current is null
            ? await api.CreateAsync(Lease.ResourceType, options.Lease.Namespace, body, _write, cancellationToken)
            : await api.ReplaceAsync(Lease.ResourceType, options.Lease, body, _write, cancellationToken);
    }

    /// <summary>Lets the next candidate begin at once. Best effort: if it fails, they wait for the lease to expire.</summary>
    private async Task ReleaseAsync()
    {
        using var limit = new CancellationTokenSource(options.RetryPeriod, time);
        try
        {
            var lease = await api.FindAsync<Lease>(Lease.ResourceType, options.Lease, limit.Token);
            if (lease?.Spec.HolderIdentity == options.Identity)
            {
                var free = lease with { Spec = lease.Spec with { HolderIdentity = "", LeaseDurationSeconds = 1, RenewTime = MicroTime.Format(time.GetUtcNow()) } };
                await api.ReplaceAsync(Lease.ResourceType, options.Lease, JsonSerializer.SerializeToUtf8Bytes(free, KubeJson.Options), _write, limit.Token);
            }
        }
        catch (Exception e) when (e is KubeApiException or HttpRequestException or IOException or TimeoutException or OperationCanceledException or JsonException)
        {
            LogReleaseFailed(options.Lease, e.Message);
        }
    }

    private static Task Quietly(Task task) => task.ContinueWith(
        static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Identity} waits to lead {Lease}")]
    private partial void LogWaiting(ObjectKey lease, string identity);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Identity} leads {Lease}")]
    private partial void LogLeading(ObjectKey lease, string identity);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Identity} no longer leads {Lease}")]
    private partial void LogLost(ObjectKey lease, string identity);

    [LoggerMessage(Level = LogLevel.Warning, Message = "An attempt at {Lease} failed. {Problem}")]
    private partial void LogAttemptFailed(ObjectKey lease, string problem);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Lease} could not be released; the next leader waits for it to expire. {Problem}")]
    private partial void LogReleaseFailed(ObjectKey lease, string problem);
}
