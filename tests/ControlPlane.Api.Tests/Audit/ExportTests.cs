using System.IO.Compression;
using System.Runtime.CompilerServices;
using Compliance.Audit;
using Compliance.Audit.Packages;
using Compliance.Audit.Testing;
using ControlPlane.Api.Access;
using ControlPlane.Api.Audit;
using ControlPlane.Api.Audit.Exports;
using ControlPlane.Api.Tests.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using ExportRequest = ControlPlane.Api.Audit.Exports.ExportRequest;
using ExportState = ControlPlane.Api.Audit.Exports.ExportState;

namespace ControlPlane.Api.Tests.Audit;

public sealed class ExportTests : IAsyncLifetime
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;
    private static readonly DateTimeOffset Start = new(2026, 11, 23, 6, 30, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Start);
    private readonly string _directory = Directory.CreateTempSubdirectory("exports-").FullName;
    private readonly MemoryLog _log;
    private readonly TestStore _store = new();

    public ExportTests() => _log = new MemoryLog(_time);

    private ExportOptions Options => new(Path.Combine(_directory, "exports"));

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Options.Directory);
        for (var i = 0; i < 30; i++)
        {
            await _log.RecordAsync(SampleEvents.Of("manifests.apply", i % 3 == 0 ? "shop/order" : "shop/cart"));
        }

        _log.Sign();
        _time.Advance(TimeSpan.FromHours(1));
    }

    public ValueTask DisposeAsync()
    {
        _store.Dispose();
        Directory.Delete(_directory, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task An_export_holds_the_entries_that_were_asked_for_and_tells_its_digest()
    {
        var job = await MakeAsync(Job(service: "order"));

        Assert.Equal((ExportState.Done, 10), (job.State, job.Entries!.Value));
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(await File.ReadAllBytesAsync(Options.FileOf(job.Id), Cancel))), job.Sha256);
        using var zip = await ZipFile.OpenReadAsync(Options.FileOf(job.Id), Cancel);
        using var lines = new StreamReader(await zip.Entries.Single(entry => entry.FullName.EndsWith("entries.jsonl", StringComparison.Ordinal)).OpenAsync(Cancel));
        Assert.Equal(10, (await lines.ReadToEndAsync(Cancel)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task The_same_query_twice_gives_the_same_bytes()
    {
        var first = await MakeAsync(Job());
        _time.Advance(TimeSpan.FromDays(1));
        var second = await MakeAsync(Job());

        Assert.Equal(first.Sha256, second.Sha256);
    }

    [Fact]
    public async Task One_that_was_broken_off_is_taken_up_by_the_next_process_and_ends_with_the_same_bytes()
    {
        var whole = await MakeAsync(Job());
        var job = Job();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        await AddAsync(job);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Run(new BreakingReader(_log, after: 12, stop.CancelAsync)).RunAsync(job.Id, stop.Token));
        Assert.Equal(ExportState.Running, (await FindAsync(job.Id)).State);
        await Run(_log).RunAsync(job.Id, Cancel);

        Assert.Equal((ExportState.Done, whole.Sha256), ((await FindAsync(job.Id)).State, (await FindAsync(job.Id)).Sha256));
    }

    [Fact]
    public async Task One_that_another_replica_makes_is_left_alone_until_that_is_taken_for_dead()
    {
        var job = Job();
        (job.State, job.HeldUntil) = (ExportState.Running, _time.GetUtcNow() + ExportRun.Hold);

        Assert.Equal(ExportState.Running, (await MakeAsync(job)).State);

        _time.Advance(ExportRun.Hold);
        await Run(_log).RunAsync(job.Id, Cancel);
        Assert.Equal(ExportState.Done, (await FindAsync(job.Id)).State);
    }

    [Theory]
    [InlineData(ExportState.Cancelled, false)]
    [InlineData(ExportState.Running, true)]
    public async Task One_that_is_called_off_or_taken_over_elsewhere_while_it_is_made_ends_here_and_its_files_are_whose_it_is(ExportState elsewhere, bool keepsFiles)
    {
        var job = Job();
        await AddAsync(job);

        await Run(new BreakingReader(_log, after: 12, async () =>
        {
            await using var context = _store.CreateDbContext();
            await context.Set<ExportJob>().ExecuteUpdateAsync(set => set.SetProperty(other => other.State, elsewhere).SetProperty(other => other.Version, other => other.Version + 1), Cancel);
        })).RunAsync(job.Id, Cancel);

        Assert.Equal((elsewhere, keepsFiles), ((await FindAsync(job.Id)).State, Directory.Exists(Options.WorkOf(job.Id)) || File.Exists(Options.FileOf(job.Id))));
    }

    [Fact]
    public async Task One_that_was_called_off_is_not_made()
    {
        var job = Job();
        job.State = ExportState.Cancelled;

        Assert.Equal(ExportState.Cancelled, (await MakeAsync(job)).State);
        Assert.False(File.Exists(Options.FileOf(job.Id)));
    }

    [Fact]
    public async Task A_file_that_can_not_be_written_is_told_and_not_tried_for_ever()
    {
        var job = Job();
        await File.WriteAllTextAsync(Options.WorkOf(job.Id), "in the way", Cancel);

        var failed = await MakeAsync(job);

        Assert.Equal(ExportState.Failed, failed.State);
        Assert.Contains("can't be written", failed.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_may_export_one_namespace_sees_the_exports_of_it_and_can_not_ask_for_others()
    {
        await AddAsync(Job(ns: "shop"));
        await AddAsync(Job());
        var callers = new CallerContext();
        callers.Become(new Caller { Kind = CallerKind.Person, Id = "u-2", DisplayName = "Ravi", Via = "rest", Grants = [new RoleGrant(Role.ComplianceOfficer, "shop")] });
        var exports = new ExportQueries(_store, _log, new Authorizer(callers), Options, new ExportFeed());

        Assert.Equal("shop", Assert.Single((await exports.ListAsync(cursor: null, 50, Cancel)).Items).Namespace);
        Assert.Equal(30, await exports.PreviewAsync(new ExportRequest { From = "2026-11-01", Namespace = "shop" }.ToQuery(_time.GetUtcNow()), Cancel));
        await Assert.ThrowsAsync<AccessException>(() => exports.PreviewAsync(new ExportRequest { From = "2026-11-01" }.ToQuery(_time.GetUtcNow()), Cancel));
    }

    [Theory]
    [InlineData(null, null, null, "from")]
    [InlineData("2026-11-02", "2026-11-01", null, "to")]
    [InlineData("2026-11-01", null, "SOX", "framework")]
    public void A_request_that_makes_no_sense_is_refused_by_its_field(string? from, string? to, string? framework, string field) => Assert.Equal(
        field,
        Assert.Throws<Problems.RequestException>(() => new ExportRequest { From = from, To = to, Framework = framework }.ToQuery(_time.GetUtcNow())).Field);

    private ExportJob Job(string? service = null, string? ns = null) => new()
    {
        Id = Guid.CreateVersion7(_time.GetUtcNow()),
        RequestedBy = "u-1",
        RequestedAt = _time.GetUtcNow(),
        From = Start.AddDays(-1),
        To = Start.AddMinutes(1),
        Namespace = ns,
        Service = service,
        Size = 30,
        Checkpoint = _log.Sign(),
        IsClosed = true,
    };

    private async Task<ExportJob> MakeAsync(ExportJob job)
    {
        await AddAsync(job);
        await Run(_log).RunAsync(job.Id, Cancel);
        return await FindAsync(job.Id);
    }

    private ExportRun Run(IAuditReader reader) =>
        new(_store, reader, new ExportKeys(_log.Signer, []), Options, new ExportFeed(), _time, NullLogger<ExportRun>.Instance);

    private async Task AddAsync(ExportJob job)
    {
        await using var context = _store.CreateDbContext();
        context.Add(job);
        await context.SaveChangesAsync(Cancel);
    }

    private async Task<ExportJob> FindAsync(Guid id)
    {
        await using var context = _store.CreateDbContext();
        return await context.Set<ExportJob>().AsNoTracking().SingleAsync(job => job.Id == id, Cancel);
    }

    /// <summary>Reads so many entries, and then something happens, such as the end of the process.</summary>
    private sealed class BreakingReader(MemoryLog log, int after, Func<Task> then) : IAuditReader
    {
        public long Size => log.Size;

        public Task<string?> LatestCheckpointAsync(CancellationToken cancellationToken) => log.LatestCheckpointAsync(cancellationToken);

        public async IAsyncEnumerable<AuditEntry> ReadAsync(long from, long end, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            var left = after;
            await foreach (var entry in log.ReadAsync(from, end, cancellationToken))
            {
                if (left-- == 0)
                {
                    await then();
                    cancellationToken.ThrowIfCancellationRequested();
                }

                yield return entry;
            }
        }

        public Task<IReadOnlyList<AuditEntry>> SearchAsync(AuditQuery query, long? before, int limit, CancellationToken cancellationToken) =>
            log.SearchAsync(query, before, limit, cancellationToken);

        public Task<int> CountAsync(AuditQuery query, int bound, CancellationToken cancellationToken) => log.CountAsync(query, bound, cancellationToken);

        public Task<ReadOnlyMemory<byte>> ReadTileAsync(int level, long index, int width, CancellationToken cancellationToken) =>
            log.ReadTileAsync(level, index, width, cancellationToken);
    }
}
