using System.Net;
using System.Text;
using Compliance.Audit;
using Compliance.Audit.Notes;
using Compliance.Audit.Witnessing;

namespace Witness.Tests;

/// <summary>The real program over HTTP, on a free port of the loopback address.</summary>
public sealed class WitnessTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dabbawala-witness").FullName;
    private readonly NoteSigner _log = NoteSigner.Generate("audit.example/log");
    private readonly MerkleTree _tree = new();
    private HttpClient _http = new();
    private RunningWitness? _witness;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        for (var i = 0; i < 100; i++)
        {
            _tree.Append(TreeHash.OfLeaf(Encoding.UTF8.GetBytes($"entry {i}")));
        }

        await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _witness!.DisposeAsync();
        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task It_cosigns_a_log_that_grows()
    {
        var key = NoteVerifier.Parse((await _http.GetStringAsync("vkey", Cancellation)).TrimEnd());

        foreach (var (old, size) in ((int, int)[])[(0, 10), (10, 10), (10, 64), (64, 100)])
        {
            var (status, text) = await AddAsync(old, size);

            Assert.Equal(HttpStatusCode.OK, status);
            var note = SignedNote.Parse(Note(size).ToString() + text);
            Assert.Equal(2, note.VerifiedBy(_log.Verifier, key).Count);
            Assert.Equal(RunningWitness.Noon, NoteVerifier.TimeOf(note.Signatures[^1]));
        }
    }

    [Fact]
    public async Task It_tells_the_size_that_it_knows()
    {
        await AddAsync(0, 10);

        using var answer = await PostAsync(new WitnessRequest(0, [], Note(20)).Write());

        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Equal("text/x.tlog.size", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("10\n", await answer.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task It_refuses_what_does_not_continue_the_log()
    {
        await AddAsync(0, 10);
        var fork = new Checkpoint("audit.example/log", 10, TreeHash.OfLeaf("fork"u8)).Sign(_log);
        var rewritten = new Checkpoint("audit.example/log", 20, TreeHash.OfLeaf("fork"u8)).Sign(_log);

        Assert.Equal(HttpStatusCode.Conflict, await StatusAsync(new WitnessRequest(10, [], fork)));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await StatusAsync(new WitnessRequest(10, _tree.ProveConsistency(10, 20), rewritten)));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await StatusAsync(new WitnessRequest(10, [], Note(20))));
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync(new WitnessRequest(10, [], Note(5))));
        Assert.Equal(HttpStatusCode.Conflict, await StatusAsync(new WitnessRequest(5, _tree.ProveConsistency(5, 8), Note(8))));
        Assert.Equal(HttpStatusCode.OK, (await AddAsync(10, 20)).Status); // none of it moved what it knows
    }

    [Fact]
    public async Task It_refuses_whom_it_does_not_know()
    {
        var stranger = NoteSigner.Generate("audit.example/log");
        var other = NoteSigner.Generate("audit.example/other");

        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(new WitnessRequest(0, [], new Checkpoint("audit.example/log", 5, _tree.RootAt(5)).Sign(stranger))));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(new WitnessRequest(0, [], new Checkpoint("audit.example/other", 5, _tree.RootAt(5)).Sign(other))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("old 0\n")]
    [InlineData("old 00\n\nlog\n")]
    [InlineData("new 0\n\nlog\n1\nAAAA\n")]
    [InlineData("old 0\nnot base64\n\nlog\n")]
    public async Task It_refuses_what_is_malformed(string body)
    {
        using var answer = await PostAsync(Encoding.UTF8.GetBytes(body));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task It_refuses_a_request_larger_than_any_can_be()
    {
        using var answer = await PostAsync(new byte[100_000]);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    [Fact]
    public async Task Of_requests_at_once_one_wins_and_the_size_never_goes_back()
    {
        await AddAsync(0, 10);

        var statuses = await Task.WhenAll(Enumerable.Range(11, 20).Select(async size => (size, status: (await AddAsync(10, size)).Status)));

        var winner = Assert.Single(statuses, answer => answer.status == HttpStatusCode.OK).size;
        Assert.All(statuses.Where(answer => answer.size != winner), answer => Assert.Equal(HttpStatusCode.Conflict, answer.status));
        Assert.Equal(HttpStatusCode.OK, (await AddAsync(winner, 50)).Status);
    }

    [Fact]
    public async Task It_remembers_over_a_restart_with_the_same_key()
    {
        var key = await _http.GetStringAsync("vkey", Cancellation);
        await AddAsync(0, 10);
        await _witness!.DisposeAsync();

        await StartAsync();

        Assert.Equal(key, await _http.GetStringAsync("vkey", Cancellation));
        Assert.Equal(HttpStatusCode.Conflict, (await AddAsync(0, 10)).Status);
        Assert.Equal(HttpStatusCode.OK, (await AddAsync(10, 20)).Status);
        Assert.DoesNotContain(Directory.GetFiles(_folder), file => file.EndsWith(".new", StringComparison.Ordinal));
    }

    private async Task StartAsync()
    {
        _witness = await RunningWitness.StartAsync(_folder, _log.Verifier);
        _http.Dispose();
        _http = new HttpClient { BaseAddress = _witness.Url };
    }

    private SignedNote Note(int size) => new Checkpoint("audit.example/log", size, _tree.RootAt(size)).Sign(_log);

    private async Task<(HttpStatusCode Status, string Text)> AddAsync(int old, int size)
    {
        using var answer = await PostAsync(new WitnessRequest(old, old == 0 ? [] : _tree.ProveConsistency(old, size), Note(size)).Write());
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancellation));
    }

    private async Task<HttpStatusCode> StatusAsync(WitnessRequest request)
    {
        using var answer = await PostAsync(request.Write());
        return answer.StatusCode;
    }

    private Task<HttpResponseMessage> PostAsync(byte[] body) => _http.PostAsync("add-checkpoint", new ByteArrayContent(body), Cancellation);
}
