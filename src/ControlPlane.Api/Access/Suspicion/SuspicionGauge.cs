using System.Net;
using System.Text.RegularExpressions;
using Compliance.Audit;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Api.Access.Suspicion;

/// <summary>Why somebody is suspected; each counts once in an hour.</summary>
[Flags]
public enum Suspicions
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The agent is a program's, not a browser's: 30.</summary>
    BotAgent = 1,

    /// <summary>Over 1,000 requests in an hour: 50.</summary>
    ManyRequests = 2,

    /// <summary>An address that the account never signed in from: 40. There is no data here of where an address is.</summary>
    NewPlace = 4,

    /// <summary>Over 10 failed sign-ins in an hour: 60.</summary>
    FailedSignIns = 8,
}

/// <summary>Somebody who is suspected, at an address.</summary>
/// <param name="Id">Id of the pair.</param>
/// <param name="Address">Address; personal data.</param>
/// <param name="Account">Id of the account; <see cref="SuspicionGauge.NoAccount"/> for tries at none that exists.</param>
/// <param name="Score">Score, 0 to 180.</param>
/// <param name="Suspicions">Why.</param>
/// <param name="Since">Since when (UTC).</param>
/// <param name="BlockedUntil">Until when nobody is let in so (UTC); null when not blocked.</param>
public sealed record Suspect(string Id, string Address, string Account, int Score, Suspicions Suspicions, DateTimeOffset Since, DateTimeOffset? BlockedUntil);

/// <summary>
/// Scores people by address and account over windows of an hour (mission row 27): over 70 is high, blocked for an hour and on record; over 40 is
/// medium, and noted. Each replica counts what it sees; a block holds at all. It is about people: programs with a token are told apart by their token,
/// and what they lack in looks says nothing.
/// Never blocked are this machine, networks that are trusted, and the way back by a one-time link.
/// </summary>
public sealed partial class SuspicionGauge
{
    /// <summary>Stands for tries at accounts that don't exist.</summary>
    public const string NoAccount = "";

    private const int Remembered = 50_000;
    private const int High = 70;
    private const int Medium = 40;
    private const int ManyRequests = 1000;
    private const int ManyFailures = 10;
    private static readonly TimeSpan Window = TimeSpan.FromHours(1);
    private static readonly TimeSpan BlockTime = TimeSpan.FromHours(1);

    private readonly BoundedTable<(string Address, string Account), Record> _records = new(Remembered);
    private readonly AccessOptions _options;
    private readonly BlockList _blocks;
    private readonly AccessAudit _audit;
    private readonly TimeProvider _time;
    private readonly ILogger<SuspicionGauge> _logger;

    /// <summary>Begins with no suspicion.</summary>
    public SuspicionGauge(AccessOptions options, BlockList blocks, AccessAudit audit, TimeProvider time, ILogger<SuspicionGauge> logger) =>
        (_options, _blocks, _audit, _time, _logger) = (options, blocks, audit, time, logger);

    /// <summary>True while nobody is let in so.</summary>
    public bool IsBlocked(Visitor from, string account)
    {
        ArgumentNullException.ThrowIfNull(from);
        return _blocks.Find(from.Address, account) is not null && !IsTrusted(from);
    }

    /// <summary>A signed-in person asked for something.</summary>
    public Task RequestAsync(Visitor from, string account, CancellationToken cancellationToken) =>
        CountAsync(from, account, record => record with { Requests = record.Requests + 1 }, cancellationToken);

    /// <summary>A sign-in failed.</summary>
    internal Task FailedSignInAsync(Visitor from, string? account, CancellationToken cancellationToken) =>
        CountAsync(from, account ?? NoAccount, record => record with { Failures = record.Failures + 1 }, cancellationToken);

    /// <summary>Somebody signed in from where he never did.</summary>
    internal Task NewPlaceAsync(Visitor from, string account, CancellationToken cancellationToken) =>
        CountAsync(from, account, record => record with { IsNewPlace = true }, cancellationToken);

    /// <summary>Everybody with a medium or high score, or blocked, worst first.</summary>
    internal IReadOnlyList<Suspect> List()
    {
        var now = _time.GetUtcNow();
        return
        [
            .. _records.Snapshot()
                .Where(entry => !IsOver(entry.Value, entry.Key.Address, entry.Key.Account, now))
                .Select(entry => ToSuspect(entry.Key, entry.Value))
                .Where(suspect => suspect.Score > Medium)
                .Concat(_blocks.Standing.Select(ToSuspect)) // of other replicas
                .DistinctBy(static suspect => suspect.Id)
                .OrderByDescending(suspect => suspect.BlockedUntil is not null)
                .ThenByDescending(suspect => suspect.Score)
                .ThenBy(suspect => suspect.Id, StringComparer.Ordinal),
        ];
    }

    /// <summary>Lets somebody in again, and forgets what he was suspected of.</summary>
    /// <returns>False when he was not suspected.</returns>
    internal async Task<bool> UnblockAsync(string address, string account, CancellationToken cancellationToken) =>
        _records.Remove((address, account)) | await _blocks.LiftAsync(address, account, cancellationToken);

    private async Task CountAsync(Visitor from, string account, Func<Record, Record> count, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        var (before, after) = (0, 0);
        var record = _records.Update((from.Address, account), old =>
        {
            var known = old is null || IsOver(old, from.Address, account, now) ? new Record(now) : old;
            before = Score(known);
            known = count(known) with { IsBot = known.IsBot || IsBotLike(from.Agent) };
            after = Score(known);
            return after > High && known.BlockedUntil is null && !IsTrusted(from) ? known with { BlockedUntil = now + BlockTime } : known;
        });

        if (after > High && before <= High)
        {
            var suspect = ToSuspect((from.Address, account), record);
            LogHigh(suspect.Id, suspect.Score, suspect.Suspicions, record.BlockedUntil is not null);
            if (record.BlockedUntil is { } until)
            {
                await _blocks.AddAsync(
                    new Block { Account = account, Address = from.Address, Score = suspect.Score, Suspicions = suspect.Suspicions, Since = suspect.Since, Until = until }, cancellationToken);
            }

            await _audit.RecordAsync(
                "suspicion.block",
                new AuditActor(AuditActorKind.System, "dabbawala", "system"),
                record.BlockedUntil is null ? AuditOutcome.Refused : AuditOutcome.Succeeded,
                new AuditObject("User", "", account.Length == 0 ? "unknown" : account),
                $"score {suspect.Score}: {suspect.Suspicions}",
                from,
                cancellationToken);
        }
        else if (after > Medium && before <= Medium)
        {
            var suspect = ToSuspect((from.Address, account), record);
            LogMedium(suspect.Id, suspect.Score, suspect.Suspicions);
        }
    }

    private bool IsTrusted(Visitor from) =>
        from.IsLocal || (IPAddress.TryParse(from.Address.Split('/')[0], out var address) && _options.TrustedNetworks.Any(network => network.Contains(address)));

    /// <summary>A window ends after its time, and with the block that came of it: at its end, or when an admin lifted it, at whichever replica.</summary>
    private bool IsOver(Record record, string address, string account, DateTimeOffset now) =>
        record.BlockedUntil is { } until ? until <= now || _blocks.Find(address, account) is null : now - record.Began >= Window;

    private static Suspect ToSuspect((string Address, string Account) key, Record record) =>
        new(IdOf(key.Address, key.Account), key.Address, key.Account, Score(record), Why(record), record.Began, record.BlockedUntil);

    private static Suspect ToSuspect(Block block) => new(IdOf(block.Address, block.Account), block.Address, block.Account, block.Score, block.Suspicions, block.Since, block.Until);

    private static string IdOf(string address, string account) => Secret.Hash($"{account} {address}")[..16];

    private static Suspicions Why(Record record) =>
        (record.IsBot ? Suspicions.BotAgent : Suspicions.None)
        | (record.Requests > ManyRequests ? Suspicions.ManyRequests : Suspicions.None)
        | (record.IsNewPlace ? Suspicions.NewPlace : Suspicions.None)
        | (record.Failures > ManyFailures ? Suspicions.FailedSignIns : Suspicions.None);

    private static int Score(Record record)
    {
        var why = Why(record);
        return (why.HasFlag(Suspicions.BotAgent) ? 30 : 0)
            + (why.HasFlag(Suspicions.ManyRequests) ? 50 : 0)
            + (why.HasFlag(Suspicions.NewPlace) ? 40 : 0)
            + (why.HasFlag(Suspicions.FailedSignIns) ? 60 : 0);
    }

    private static bool IsBotLike(string agent) => agent.Length == 0 || Bots().IsMatch(agent);

    [GeneratedRegex(@"bot\b|crawl|spider|curl|wget|python|scrapy|headless|httpclient|go-http|java/|libwww|okhttp", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Bots();

    [LoggerMessage(Level = LogLevel.Error, Message = "ALERT suspicion is high for {Suspect}: score {Score} ({Suspicions}); blocked: {Blocked}")]
    private partial void LogHigh(string suspect, int score, Suspicions suspicions, bool blocked);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Suspicion is medium for {Suspect}: score {Score} ({Suspicions})")]
    private partial void LogMedium(string suspect, int score, Suspicions suspicions);

    /// <summary>What was counted of a pair of address and account in its window.</summary>
    private sealed record Record(DateTimeOffset Began)
    {
        public int Requests { get; init; }

        public int Failures { get; init; }

        public bool IsNewPlace { get; init; }

        public bool IsBot { get; init; }

        public DateTimeOffset? BlockedUntil { get; init; }
    }
}
