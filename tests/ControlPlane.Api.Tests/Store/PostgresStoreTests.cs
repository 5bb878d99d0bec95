using ControlPlane.Api.Store;
using ControlPlane.Api.Tests.Audit.Storage;
using ControlPlane.Api.Tests.Testing;

namespace ControlPlane.Api.Tests.Store;

/// <summary>The same on a real PostgreSQL server, in a database of each test's own.</summary>
public sealed class PostgresStoreTests(PostgresServer server) : StoreTests
{
    [Fact]
    public async Task Replicas_take_turns()
    {
        await using var store = await MakeAsync();
        await using var first = await store.Contexts.CreateDbContextAsync(TestContext.Current.CancellationToken);
        await using var second = await store.Contexts.CreateDbContextAsync(TestContext.Current.CancellationToken);
        var turn = (await first.TakeTurnAsync("something", TestContext.Current.CancellationToken))!;
        var waiting = second.TakeTurnAsync("something", TestContext.Current.CancellationToken);
        await using var third = await store.Contexts.CreateDbContextAsync(TestContext.Current.CancellationToken);
        await using (await third.TakeTurnAsync("something else", TestContext.Current.CancellationToken))
        {
        }

        Assert.False(waiting.IsCompleted);
        await turn.DisposeAsync();
        await (await waiting)!.DisposeAsync();
    }

    [Fact]
    public async Task What_one_replica_is_at_the_others_leave_to_it()
    {
        await using var store = await MakeAsync();
        var done = new List<string>();

        Assert.True(await store.Contexts.TryInTurnAsync(
            "something",
            async () =>
            {
                Assert.False(await TryAsync("something", "second"));
                Assert.True(await TryAsync("something else", "third"));
                done.Add("first");
            },
            TestContext.Current.CancellationToken));
        Assert.True(await TryAsync("something", "fourth"));

        Assert.Equal(["third", "first", "fourth"], done);

        Task<bool> TryAsync(string what, string who) => store.Contexts.TryInTurnAsync(
            what,
            () =>
            {
                done.Add(who);
                return Task.CompletedTask;
            },
            TestContext.Current.CancellationToken);
    }

    private protected override async Task<TemporaryStore> MakeAsync()
    {
        Assert.SkipWhen(PostgresServer.MissingBecause is not null, PostgresServer.MissingBecause ?? "");
        return await TemporaryStore.MakeAsync($"{server.ConnectionString(await server.CreateDatabaseAsync())};Pooling=false");
    }
}
