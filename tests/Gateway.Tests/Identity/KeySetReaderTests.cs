using System.Text.Json;
using Gateway.Identity;
using Gateway.Tests.Testing;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.Identity;

public sealed class KeySetReaderTests : IAsyncLifetime
{
    private readonly KeySetReader _reader = new();
    private readonly TestIssuer _issuer = new();
    private EchoBackend _server = null!;

    public async ValueTask InitializeAsync() => _server = await EchoBackend.StartAsync("issuer");

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _issuer.Dispose();
        _reader.Dispose();
    }

    [Fact]
    public async Task Keys_for_signatures_are_taken_and_others_passed_over()
    {
        var secret = new { kty = "oct", kid = "s", k = "c2VjcmV0" };
        var forEncryption = new { kty = "RSA", use = "enc", kid = "e", n = "AQAB", e = "AQAB" };

        var set = await ReadAsync(200, JsonSerializer.Serialize(new { keys = new[] { secret, forEncryption, _issuer.Public } }));

        Assert.Single(set.Keys);
        Assert.False(set.Has("s"));
    }

    [Theory]
    [InlineData(500, "", "it answers 500")]
    [InlineData(302, "", "it answers 302")]
    [InlineData(200, "<html>", "it answers with something that is no set of keys")]
    [InlineData(200, "{\"keys\": []}", "it answers without any key for signatures")]
    public async Task Anything_else_is_a_problem_with_words(int status, string body, string problem)
    {
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => ReadAsync(status, body));

        Assert.Equal(problem, failure.Message);
    }

    [Fact]
    public async Task A_set_that_is_huge_is_not_read_to_its_end()
    {
        _server.Instead = async context =>
        {
            var junk = new byte[64 * 1024];
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(junk, context.RequestAborted); // for ever
            }

            return true;
        };

        await Assert.ThrowsAsync<HttpRequestException>(() => _reader.ReadAsync(Address, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_set_with_more_keys_than_anybody_has_is_refused()
    {
        var keys = Enumerable.Range(0, 101).Select(_ => _issuer.Public);

        Assert.Equal("it answers with more than 100 keys", (await Assert.ThrowsAsync<FormatException>(() => ReadAsync(200, JsonSerializer.Serialize(new { keys })))).Message);
    }

    private Uri Address => new($"http://127.0.0.1:{_server.Port}/keys");

    private Task<KeySet> ReadAsync(int status, string body)
    {
        _server.Instead = async context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = "http://127.0.0.1:1/";
            await context.Response.WriteAsync(body);
            return true;
        };
        return _reader.ReadAsync(Address, TestContext.Current.CancellationToken);
    }
}
