using LocalCluster.Storage;

namespace LocalCluster.Tests.Storage;

public sealed class SqliteJournalTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("localcluster-");

    private string File => Path.Combine(_directory.FullName, "cluster.db");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task What_was_committed_is_there_after_a_restart_and_revisions_go_on()
    {
        long revision;
        await using (var store = new ObjectStore(new SqliteJournal(File)))
        {
            await store.PutAsync(Objects.New("kept", data: "1"));
            await store.PutAsync(Objects.New("kept", data: "2"));
            await store.PutAsync(Objects.New("removed"));
            await store.RemoveAsync(Objects.New("removed"));
            revision = store.Current.Revision;
        }

        await using var again = new ObjectStore(new SqliteJournal(File));
        var kept = Assert.Single(again.Current.Table("configmaps").Range());
        Assert.Contains("\"2\"", kept.Text(), StringComparison.Ordinal);
        var next = await again.PutAsync(Objects.New("next"));
        Assert.True(next.ResourceVersion > revision);
    }

    [Fact]
    public async Task A_watch_from_before_a_restart_has_expired()
    {
        long revision;
        await using (var store = new ObjectStore(new SqliteJournal(File)))
        {
            revision = (await store.PutAsync(Objects.New("a"))).ResourceVersion;
        }

        await using var again = new ObjectStore(new SqliteJournal(File));

        Assert.Throws<RevisionExpiredException>(() => again.Watch("configmaps", revision).Read());
    }

    [Theory]
    [InlineData("this is no database at all, but long enough to look like something")]
    [InlineData("")]
    public void A_file_of_somebody_else_is_refused_and_left_as_it_is(string content)
    {
        System.IO.File.WriteAllText(File, content);

        var error = Assert.Throws<DamagedStoreException>(() => new SqliteJournal(File).Load());

        Assert.Contains(File, error.Message, StringComparison.Ordinal);
        Assert.Equal(content, System.IO.File.ReadAllText(File));
    }

    [Fact]
    public async Task A_damaged_file_is_refused_and_left_as_it_is()
    {
        await using (var store = new ObjectStore(new SqliteJournal(File)))
        {
            for (var i = 0; i < 200; i++)
            {
                await store.PutAsync(Objects.New($"o{i}", data: new string('x', 1000)));
            }
        }

        var bytes = await System.IO.File.ReadAllBytesAsync(File, TestContext.Current.CancellationToken);
        Array.Fill(bytes, (byte)0xff, 8192, bytes.Length - 8192);
        await System.IO.File.WriteAllBytesAsync(File, bytes, TestContext.Current.CancellationToken);

        var error = Assert.Throws<DamagedStoreException>(() => new SqliteJournal(File).Load());

        Assert.Contains("damaged", error.Message, StringComparison.Ordinal);
        Assert.Equal(bytes, await System.IO.File.ReadAllBytesAsync(File, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_store_that_another_process_uses_is_refused()
    {
        await using var store = new ObjectStore(new SqliteJournal(File));
        await store.PutAsync(Objects.New("a"));

        var error = Assert.Throws<DamagedStoreException>(() => new SqliteJournal(File).Load());

        Assert.Contains("in use", error.Message, StringComparison.Ordinal);
    }
}
