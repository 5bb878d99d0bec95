using ControlPlane.Api.Access;
using ControlPlane.Api.Access.Tokens;
using ControlPlane.Api.Access.Users;
using ControlPlane.Api.Store;
using ControlPlane.Api.Tests.Testing;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Tests.Store;

/// <summary>The store, by one database; <see cref="SqliteStoreTests"/> and <see cref="PostgresStoreTests"/> say which.</summary>
public abstract class StoreTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 27, 17, 30, 0, 123, TimeSpan.FromHours(5.5));

    private protected abstract Task<TemporaryStore> MakeAsync();

    [Fact]
    public async Task The_tables_are_those_of_the_model_and_making_them_twice_changes_nothing()
    {
        await using var store = await MakeAsync();
        await store.Migration.ApplyAsync(TestContext.Current.CancellationToken);
        await using var context = await store.Contexts.CreateDbContextAsync(TestContext.Current.CancellationToken);

        Assert.False(context.Database.HasPendingModelChanges(), "the model has moved on: add a migration (src/ControlPlane.Api/Store/README.md)");
        Assert.Empty(await context.Database.GetPendingMigrationsAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Roles_and_times_come_back_as_they_were_and_times_compare()
    {
        await using var store = await MakeAsync();
        await AddAsync(store, User("u1", "asha", new(Role.PlatformEngineer, "shop"), new(Role.OnCall, Team: "orders")));
        await using var context = await store.Contexts.CreateDbContextAsync(TestContext.Current.CancellationToken);

        var found = await context.Set<User>().SingleAsync(user => user.Created <= Noon && user.Created > Noon.AddMilliseconds(-1), TestContext.Current.CancellationToken);

        Assert.Equal([new(Role.PlatformEngineer, "shop"), new(Role.OnCall, Team: "orders")], found.Grants);
        Assert.Equal(Noon, found.Created);
    }

    [Fact]
    public async Task No_two_people_have_one_name()
    {
        await using var store = await MakeAsync();
        await AddAsync(store, User("u1", "asha"));

        await Assert.ThrowsAsync<DbUpdateException>(() => AddAsync(store, User("u2", "asha")));
    }

    [Fact]
    public async Task Of_two_who_change_the_same_person_one_is_told()
    {
        await using var store = await MakeAsync();
        await AddAsync(store, User("u1", "asha"));
        await using var first = await store.Contexts.CreateDbContextAsync(TestContext.Current.CancellationToken);
        await using var second = await store.Contexts.CreateDbContextAsync(TestContext.Current.CancellationToken);
        foreach (var context in (ControlPlaneContext[])[first, second])
        {
            var user = await context.Set<User>().SingleAsync(TestContext.Current.CancellationToken);
            (user.DisplayName, user.Version) = ("changed", user.Version + 1);
        }

        await first.SaveChangesAsync(TestContext.Current.CancellationToken);

        await Assert.ThrowsAsync<DbUpdateConcurrencyException>(() => second.SaveChangesAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_belongs_to_a_person_goes_with_him()
    {
        await using var store = await MakeAsync();
        await AddAsync(store, User("u1", "asha"));
        await AddAsync(store, new ApiToken { Id = "t1", Name = "ci", SecretHash = "h", OwnerId = "u1", Grants = [new(Role.Viewer)], Created = Noon, Expires = Noon });
        await using var context = await store.Contexts.CreateDbContextAsync(TestContext.Current.CancellationToken);

        context.Remove(await context.Set<User>().SingleAsync(TestContext.Current.CancellationToken));
        await context.SaveChangesAsync(TestContext.Current.CancellationToken);

        Assert.Empty(await context.Set<ApiToken>().AsNoTracking().ToListAsync(TestContext.Current.CancellationToken));
    }

    private static User User(string id, string name, params RoleGrant[] grants) => new() { Id = id, Name = name, DisplayName = name, Grants = grants, Created = Noon };

    private static async Task AddAsync(TemporaryStore store, object entity)
    {
        await using var context = await store.Contexts.CreateDbContextAsync(TestContext.Current.CancellationToken);
        context.Add(entity);
        await context.SaveChangesAsync(TestContext.Current.CancellationToken);
    }
}

public sealed class SqliteStoreTests : StoreTests
{
    private protected override Task<TemporaryStore> MakeAsync() => TemporaryStore.MakeAsync();

    [Fact]
    public async Task A_lock_that_a_killed_process_left_behind_holds_nobody_up()
    {
        await using var store = await MakeAsync();
        await using (var context = await store.Contexts.CreateDbContextAsync(TestContext.Current.CancellationToken))
        {
            await context.Database.ExecuteSqlRawAsync(
                """CREATE TABLE IF NOT EXISTS "__EFMigrationsLock" ("Id" INTEGER PRIMARY KEY, "Timestamp" TEXT NOT NULL); INSERT INTO "__EFMigrationsLock" VALUES (1, '2026-11-27');""",
                TestContext.Current.CancellationToken);
        }

        await store.Migration.ApplyAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task The_file_is_its_owners_alone()
    {
        await using var store = await MakeAsync();

        FileModes.AssertPrivate(store.Options.SqliteFile);
    }
}
