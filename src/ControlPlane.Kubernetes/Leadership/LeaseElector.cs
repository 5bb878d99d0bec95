using System.Text.Json;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Metrics;
using ControlPlane.Kubernetes.Resources;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Kubernetes.Leadership;

/// <summary>
/// Elects one leader among several processes over a Lease, to client-go's contract. Time is measured on the monotonic clock of each
/// process: no clock is compared with another's. One call is under way at a time, and a call that hangs is given up early enough for another.
/// </summary>
/// <remarks>
/// A leader that can't renew stops leading <em>before</em> another may begin: it counts from the start of its last successful renewal, the
/// others from when they saw it. What it has under way is cancelled through the token of <see cref="LeadAsync"/>.
/// </remarks>
public sealed partial class LeaseElector
{
    private readonly KubeApi _api;
    private readonly LeaseElectorOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<LeaseElector> _logger;
    private readonly WriteOptions _write = new() { FieldManager = "dabbawala-elector" };

    /// <summary>What the lease looked like when it changed last, and when we saw it: the basis for calling it expired.</summary>
    private (string? Version, long SeenAt)? _observed;

    /// <summary>What was said to be wrong last; null while nothing is.</summary>
    private string? _problem;

    private long _renewedAt;
    private bool _holding;

    /// <summary>Makes a candidate; it does nothing until <see cref="LeadAsync"/>.</summary>
    /// <exception cref="ArgumentException">The options could elect two leaders, or none.</exception>
    public LeaseElector(KubeApi api, LeaseElectorOptions options, RuntimeMetrics metrics, TimeProvider time, ILogger<LeaseElector> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(metrics);
        options.Validate();
        (_api, _options, _time, _logger) = (api, options, time, logger);
        metrics.AddLease(options.Lease.Name, () => IsLeader);
    }

    private enum Attempt
    {
        /// <summary>The lease is ours, from the start of the attempt on.</summary>
        Held,

        /// <summary>The lease is somebody else's.</summary>
        Refused,

        /// <summary>Nobody knows.</summary>
        Failed,
    }

    /// <summary>True while this process may act as the leader.</summary>
    public bool IsLeader => Volatile.Read(ref _holding) && Left > TimeSpan.Zero;

    /// <summary>How much longer the last renewal allows to lead; never negative.</summary>
    private TimeSpan Left
    {
        get
        {
            var left = _options.RenewDeadline - _time.GetElapsedTime(Volatile.Read(ref _renewedAt));
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>
    /// Waits to be elected, runs <paramref name="lead"/>, and returns when leadership is lost or the work is over. The lease is kept while
    /// cancelled work winds up, and released after it. The caller ends the process on loss: what is under way elsewhere in it, or in work that
    /// does not heed its token, can't be taken back.
    /// </summary>
    /// <returns>True when leadership was lost; false when the work ended by itself or was cancelled.</returns>
    public async Task<bool> LeadAsync(Func<CancellationToken, Task> lead, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(lead);
        await AcquireAsync(cancellationToken);
        using var term = new CancellationTokenSource(Left, _time);
        using var leading = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, term.Token);
        var renewing = RenewAsync(term);
        var work = WorkAsync();
        await Task.WhenAny(work, renewing);
        var lost = term.IsCancellationRequested;
        if (lost)
        {
            LogLost(_options.Lease, _options.Identity);
            await Task.WhenAny(work, Task.Delay(_options.LeaseDuration - _options.RenewDeadline, _time, CancellationToken.None));
        }

        term.Cancel();
        await renewing;
        Volatile.Write(ref _holding, false);
        if (!work.IsCompleted)
        {
            LogWorkGoesOn(_options.Identity);
            return lost;
        }

        await ReleaseAsync();
        try
        {
            await work;
        }
        catch (OperationCanceledException) when (lost || cancellationToken.IsCancellationRequested)
        {
            // As it should end.
        }

        return lost;

        async Task WorkAsync() => await lead(leading.Token);
    }

    private async Task AcquireAsync(CancellationToken cancellationToken)
    {
        LogWaiting(_options.Lease, _options.Identity);
        while (await TryAcquireOrRenewAsync(cancellationToken) != Attempt.Held || !IsLeader)
        {
            var jitter = 1 + (Random.Shared.NextDouble() * (LeaseElectorOptions.Jitter - 1));
            await Task.Delay(_options.RetryPeriod * jitter, _time, cancellationToken);
        }

        LogLeading(_options.Lease, _options.Identity);
    }

    /// <summary>Extends the term with every renewal, until it ends: because it ran out, or because the lease is somebody else's.</summary>
    private async Task RenewAsync(CancellationTokenSource term)
    {
        try
        {
            while (true)
            {
                await Task.Delay(_options.RetryPeriod, _time, term.Token);
                switch (await TryAcquireOrRenewAsync(term.Token))
                {
                    case Attempt.Held:
                        term.CancelAfter(Left);
                        break;
                    case Attempt.Refused:
                        term.Cancel();
                        break;
                }
            }
        }
        catch (OperationCanceledException) when (term.IsCancellationRequested)
        {
            // The term is over.
        }
    }

    /// <summary>One attempt. Whatever the server or the network does, there is an answer.</summary>
    private async Task<Attempt> TryAcquireOrRenewAsync(CancellationToken cancellationToken)
    {
        // Half of the deadline, so that one call that hangs leaves time for another.
        using var limit = new CancellationTokenSource(_options.RenewDeadline / 2, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        var started = _time.GetTimestamp();
        try
        {
            var lease = await _api.FindAsync<Lease>(Lease.ResourceType, _options.Lease, either.Token);
            if (lease is not null && !MayTake(lease))
            {
                Volatile.Write(ref _holding, false);
                return Attempt.Refused;
            }

            await StoreAsync(lease, either.Token);
            Volatile.Write(ref _renewedAt, started);
            Volatile.Write(ref _holding, true);
            _problem = null;
            return Attempt.Held;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Failed("the API did not answer in time");
        }
        catch (KubeApiException e) when (e.IsNotFound)
        {
            return Failed($"{e.Message}: the Lease lies in that namespace, so make it first");
        }
        catch (Exception e) when (e is KubeApiException or HttpRequestException or IOException or TimeoutException or JsonException)
        {
            return Failed(e.Message);
        }
    }

    /// <summary>Says once what is wrong, however often it is tried.</summary>
    private Attempt Failed(string problem)
    {
        if (_problem != problem)
        {
            _problem = problem;
            LogAttemptFailed(_options.Lease, problem);
        }

        return Attempt.Failed;
    }

    /// <summary>Ours, free, or not renewed for its whole duration since we first saw it so.</summary>
    private bool MayTake(Lease lease)
    {
        if (_observed?.Version != lease.Metadata.ResourceVersion)
        {
            _observed = (lease.Metadata.ResourceVersion, _time.GetTimestamp());
        }

        return string.IsNullOrEmpty(lease.Spec.HolderIdentity)
            || lease.Spec.HolderIdentity == _options.Identity
            || _time.GetElapsedTime(_observed!.Value.SeenAt) > TimeSpan.FromSeconds(lease.Spec.LeaseDurationSeconds ?? _options.LeaseDuration.TotalSeconds);
    }

    private async Task StoreAsync(Lease? current, CancellationToken cancellationToken)
    {
        var now = MicroTime.Format(_time.GetUtcNow());
        var before = current ?? new Lease { Metadata = new() { Name = _options.Lease.Name, Namespace = _options.Lease.Namespace } };
        var isOurs = before.Spec.HolderIdentity == _options.Identity;
        var next = before with
        {
            Spec = before.Spec with
            {
                HolderIdentity = _options.Identity,
                LeaseDurationSeconds = (int)_options.LeaseDuration.TotalSeconds,
                AcquireTime = isOurs ? before.Spec.AcquireTime : now,
                RenewTime = now,
                LeaseTransitions = (before.Spec.LeaseTransitions ?? 0) + (isOurs || current is null ? 0 : 1),
            },
        };
        var body = JsonSerializer.SerializeToUtf8Bytes(next, KubeJson.Options);
        _ = current is null
            ? await _api.CreateAsync(Lease.ResourceType, _options.Lease.Namespace, body, _write, cancellationToken)
            : await _api.ReplaceAsync(Lease.ResourceType, _options.Lease, body, _write, cancellationToken);
    }

    /// <summary>Lets the next candidate begin at once. Best effort: if it fails, they wait for the lease to expire.</summary>
    private async Task ReleaseAsync()
    {
        using var limit = new CancellationTokenSource(_options.RetryPeriod, _time);
        try
        {
            var lease = await _api.FindAsync<Lease>(Lease.ResourceType, _options.Lease, limit.Token);
            if (lease?.Spec.HolderIdentity == _options.Identity)
            {
                var free = lease with { Spec = lease.Spec with { HolderIdentity = "", LeaseDurationSeconds = 1, RenewTime = MicroTime.Format(_time.GetUtcNow()) } };
                await _api.ReplaceAsync(Lease.ResourceType, _options.Lease, JsonSerializer.SerializeToUtf8Bytes(free, KubeJson.Options), _write, limit.Token);
            }
        }
        catch (Exception e) when (e is KubeApiException or HttpRequestException or IOException or TimeoutException or OperationCanceledException or JsonException)
        {
            LogReleaseFailed(_options.Lease, e.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Identity} waits to lead {Lease}")]
    private partial void LogWaiting(ObjectKey lease, string identity);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Identity} leads {Lease}")]
    private partial void LogLeading(ObjectKey lease, string identity);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Identity} no longer leads {Lease}")]
    private partial void LogLost(ObjectKey lease, string identity);

    [LoggerMessage(Level = LogLevel.Critical, Message = "{Identity} has lost leadership and work goes on that does not heed its cancellation")]
    private partial void LogWorkGoesOn(string identity);

    [LoggerMessage(Level = LogLevel.Warning, Message = "An attempt at {Lease} failed. {Problem}")]
    private partial void LogAttemptFailed(ObjectKey lease, string problem);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Lease} could not be released; the next leader waits for it to expire. {Problem}")]
    private partial void LogReleaseFailed(ObjectKey lease, string problem);
}
