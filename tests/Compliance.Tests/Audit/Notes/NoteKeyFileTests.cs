using Compliance.Audit.Notes;

namespace Compliance.Tests.Audit.Notes;

public sealed class NoteKeyFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dabbawala-keys").FullName;

    private string Key => Path.Combine(_folder, "log.key");

    [Fact]
    public void A_key_is_made_once_and_read_ever_after()
    {
        var made = NoteKeyFile.ReadOrCreate(Key, "dabbawala");

        Assert.Equal(made.Verifier.ToString(), NoteKeyFile.ReadOrCreate(Key, "dabbawala").Verifier.ToString());
        Assert.Equal(made.Verifier.ToString(), File.ReadAllText($"{Key}.pub").TrimEnd());
        Assert.Equal([Key, $"{Key}.pub"], Directory.GetFiles(_folder).Order());
    }

    [Fact]
    public void Only_its_owner_reads_a_private_key()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("file modes are a matter of Unix; runs there");
            return;
        }

        NoteKeyFile.ReadOrCreate(Key, "dabbawala");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Key));

        File.SetUnixFileMode(Key, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        Assert.Contains("chmod 600", Assert.Throws<NoteException>(() => NoteKeyFile.Read(Key)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Processes_that_start_at_once_make_one_key()
    {
        var keys = await Task.WhenAll(Enumerable.Range(0, 16).Select(async _ =>
        {
            await Task.Yield();
            return NoteKeyFile.ReadOrCreate(Key, "dabbawala").Verifier.ToString();
        }));

        Assert.Equal(await File.ReadAllTextAsync($"{Key}.pub", TestContext.Current.CancellationToken), Assert.Single(keys.Distinct()) + "\n");
        Assert.Equal(2, Directory.GetFiles(_folder).Length);
    }

    [Fact]
    public void A_key_is_never_overwritten_nor_taken_for_another()
    {
        NoteKeyFile.ReadOrCreate(Key, "dabbawala");

        Assert.Throws<IOException>(() => NoteKeyFile.Create(Key, NoteSigner.Generate("dabbawala")));
        Assert.Throws<NoteException>(() => NoteKeyFile.ReadOrCreate(Key, "another"));
        Assert.Throws<NoteException>(() => NoteKeyFile.ReadOrCreate(Key, "dabbawala", SignatureType.CosignatureV1));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
