using System.Threading.Channels;
using Compliance.Audit;
using ControlPlane.Api.Audit.Recording;
using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Resources;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Operators.Cluster;

namespace ControlPlane.Api.History;

/// <summary>
/// Puts every change of a declaration on record as it reaches the cache: one entry for one change, nothing for the rest of the fleet. On its
/// start it records what it missed. While the log takes nothing, changes wait in their order.
/// </summary>
internal sealed partial class HistoryRecorder : BackgroundService
{
    private const int Batch = 200;
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ListEvery = TimeSpan.FromDays(1);

    private readonly Channel<SeenChange> _changes = Channel.CreateUnbounded<SeenChange>(new() { SingleReader = true });
    private readonly Informer<ManagedService> _services;
    private readonly IAuditLog _log;
    private readonly IAuditReader _reader;
    private readonly OwnerAddresses _addresses;
    private readonly TimeProvider _time;
    private readonly ILogger<HistoryRecorder> _logger;
    private Dictionary<ObjectKey, RecordedService> _recorded = []; // what the log holds, so that nothing is recorded twice
    private DateTimeOffset _listed;
    private int _sinceList;

    public HistoryRecorder(FleetCaches caches, IAuditLog log, IAuditReader reader, OwnerAddresses addresses, TimeProvider time, ILogger<HistoryRecorder> logger)
    {
        (_services, _log, _reader, _addresses, _time, _logger) = (caches.Services, log, reader, addresses, time, logger);

        // Only what changes the desired state: a status comes many times a minute.
        caches.Services.Cache.Subscribe(change =>
        {
            if (change.Old?.Metadata.Generation != change.New?.Metadata.Generation)
            {
                _changes.Writer.TryWrite(new(change, time.GetUtcNow()));
            }
        });
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await _services.Synced.WaitAsync(stoppingToken);
        await UntilDoneAsync(CatchUpAsync, stoppingToken);
        while (await _changes.Reader.WaitToReadAsync(stoppingToken))
        {
            List<SeenChange> changes = [];
            while (changes.Count < Batch && _changes.Reader.TryRead(out var change))
            {
                changes.Add(change);
            }

            await UntilDoneAsync(cancel => RecordAsync(changes, cancel), stoppingToken);
        }
    }

    /// <summary>Learns what is on record, and records the end of what has gone since.</summary>
    private async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        _recorded = await HistoryFleet.AtAsync(_reader, at: null, cancellationToken);
        var gone = _recorded.Values.Where(service => _services.Cache.Find(service.Key) is null).ToList();
        foreach (var part in gone.Chunk(Batch))
        {
            await _log.AppendAsync([.. part.Select(service => HistoryEvent.Gone(service.Key, service.Uid, service.Generation, _time.GetUtcNow()))], cancellationToken);
        }

        gone.ForEach(service => _recorded.Remove(service.Key));
    }

    private async Task RecordAsync(IReadOnlyList<SeenChange> changes, CancellationToken cancellationToken)
    {
        Dictionary<ObjectKey, RecordedService?> after = []; // takes effect once it is on record
        List<AuditEvent> events = [];
        foreach (var change in changes)
        {
            if (await EventOfAsync(change, after, cancellationToken) is { } item)
            {
                events.Add(item);
            }
        }

        if (events.Count > 0)
        {
            await AppendAsync(events, cancellationToken);
            TakeUp(after);
            _sinceList += events.Count;
        }

        var now = _time.GetUtcNow();
        if (_sinceList >= HistoryFleet.ChangesBetweenLists / 2 || (_sinceList > 0 && now - _listed >= ListEvery))
        {
            await _log.AppendAsync(HistoryEvent.FleetOf(_recorded.Values, now), cancellationToken);
            (_listed, _sinceList) = (now, 0);
        }
    }

    /// <summary>Appends what can be recorded: one declaration that can't must not keep the others out.</summary>
    private async Task AppendAsync(List<AuditEvent> events, CancellationToken cancellationToken)
    {
        while (events.Count > 0)
        {
            try
            {
                await _log.AppendAsync(events, cancellationToken);
                return;
            }
            catch (AuditEventException e)
            {
                LogNotRecorded(e, events[e.Position].Object?.Namespace ?? "", events[e.Position].Object?.Name ?? "");
                events.RemoveAt(e.Position);
            }
        }
    }

    /// <summary>The event of a change; null when it is on record.</summary>
    private async ValueTask<AuditEvent?> EventOfAsync(SeenChange seen, Dictionary<ObjectKey, RecordedService?> after, CancellationToken cancellationToken)
    {
        var (change, at) = seen;
        var metadata = change.Latest.Metadata;
        var known = after.TryGetValue(change.Key, out var changed) ? changed : _recorded.GetValueOrDefault(change.Key);
        if (change.New is not { } service)
        {
            after[change.Key] = null;
            return known is null ? null : HistoryEvent.Gone(change.Key, known.Uid, known.Generation, at);
        }

        var now = new RecordedService(change.Key, metadata.Uid ?? "", metadata.Generation, Entry: null);
        if (known is not null && (known.Uid, known.Generation) == (now.Uid, now.Generation))
        {
            return null;
        }

        var (apart, address) = await _addresses.ApartAsync(service, cancellationToken); // before a long state is packed
        after[change.Key] = now;
        var kind = known is not null ? HistoryChangeKind.Changed : change.Initial ? HistoryChangeKind.FirstSeen : HistoryChangeKind.Created;
        return HistoryEvent.Of(apart, kind, at) with { PersonalData = address is null ? [] : [address] };
    }

    private void TakeUp(Dictionary<ObjectKey, RecordedService?> changes)
    {
        foreach (var (key, service) in changes)
        {
            _recorded.Remove(key);
            if (service is not null)
            {
                _recorded.Add(key, service);
            }
        }
    }

    private async Task UntilDoneAsync(Func<CancellationToken, Task> action, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await action(cancellationToken);
                return;
            }
            catch (AuditUnavailableException e)
            {
                LogWaits(e);
                await Task.Delay(Again, _time, cancellationToken);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Changes of declarations wait to be recorded: the audit log takes nothing")]
    private partial void LogWaits(Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "The declaration of {Namespace}/{Name} can't be recorded as it is; the history has a gap")]
    private partial void LogNotRecorded(Exception exception, string @namespace, string name);

    private readonly record struct SeenChange(CacheChange<ManagedService> Change, DateTimeOffset At);
}
