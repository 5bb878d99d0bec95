using System.Collections.Frozen;
using System.Data.Common;
using ControlPlane.Api.Store;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Api.Access.Suspicion;

/// <summary>
/// Who is blocked, at all replicas: it is in the store. What is blocked or lifted here counts at once, and at the other replicas within
/// <see cref="Every"/>.
/// </summary>
public sealed partial class BlockList(IDbContextFactory<ControlPlaneContext> store, TimeProvider time, ILogger<BlockList> logger) : BackgroundService
{
    /// <summary>How often the store is looked into.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _gate = new(1); // what is read must not miss what is being written
    private volatile FrozenDictionary<(string Address, string Account), Block> _blocks = FrozenDictionary<(string Address, string Account), Block>.Empty;

    /// <summary>All blocks that stand.</summary>
    public IReadOnlyList<Block> Standing => [.. _blocks.Values.Where(block => block.Until > time.GetUtcNow())];

    /// <summary>The block of an account at an address; null when there is none.</summary>
    public Block? Find(string address, string account) => _blocks.TryGetValue((address, account), out var block) && block.Until > time.GetUtcNow() ? block : null;

    /// <summary>Reads what is in the store, and clears away what is over.</summary>
    public Task RefreshAsync(CancellationToken cancellationToken) => InTurnAsync(static _ => Task.FromResult(true), cancellationToken);

    /// <inheritdoc/>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await RefreshAsync(cancellationToken); // before anybody is let in
        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        _gate.Dispose();
    }

    /// <summary>Blocks. Where another replica has done so, that block stands.</summary>
    internal Task AddAsync(Block block, CancellationToken cancellationToken) => InTurnAsync(
        async context =>
        {
            context.Add(block);
            try
            {
                await context.SaveChangesAsync(cancellationToken);
            }
            catch (DbUpdateException e)
            {
                context.ChangeTracker.Clear();
                if (!await context.Set<Block>().AnyAsync(other => other.Account == block.Account && other.Address == block.Address, cancellationToken))
                {
                    throw new InvalidOperationException("a block could not be stored", e);
                }
            }

            return true;
        },
        cancellationToken);

    /// <summary>Lifts a block.</summary>
    /// <returns>False when there was none.</returns>
    internal Task<bool> LiftAsync(string address, string account, CancellationToken cancellationToken) => InTurnAsync(
        async context => await context.Set<Block>().Where(block => block.Account == account && block.Address == address).ExecuteDeleteAsync(cancellationToken) > 0, cancellationToken);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await RefreshAsync(stoppingToken);
            }
            catch (Exception e) when (e is DbException or DbUpdateException or InvalidOperationException)
            {
                LogLater(e);
            }
        }
    }

    private async Task<bool> InTurnAsync(Func<ControlPlaneContext, Task<bool>> act, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var now = time.GetUtcNow();
            await using var context = await store.CreateDbContextAsync(cancellationToken);
            if (_blocks.Values.Any(block => block.Until <= now))
            {
                await context.Set<Block>().Where(block => block.Until <= now).ExecuteDeleteAsync(cancellationToken);
            }

            var result = await act(context);
            var blocks = await context.Set<Block>().AsNoTracking().ToListAsync(cancellationToken);
            _blocks = blocks.ToFrozenDictionary(static block => (block.Address, block.Account));
            return result;
        }
        finally
        {
            _gate.Release();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Blocks of other replicas can't be read now; it is tried again")]
    private partial void LogLater(Exception exception);
}
