using System.IO.Pipelines;
using System.Text;
using Gateway.Hosting.ClearText;

namespace Gateway.Tests.Hosting.ClearText;

public sealed class Http2PrefaceTests
{
    private const string Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    private readonly Pipe _pipe = new();

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", true)]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nand frames", true)]
    [InlineData("PRI * HTTP/2.0\r\nHost: x\r\n\r\n", false)]
    [InlineData("POST / HTTP/1.1\r\n", false)]
    [InlineData("G", false)]
    public async Task It_is_told_by_the_first_bytes_and_they_are_left_to_the_next_reader(string sent, bool isHttp2)
    {
        await SendAsync(sent);

        Assert.Equal(isHttp2, await Http2Preface.IsNextAsync(_pipe.Reader, Ending));

        Assert.Equal(sent, await ReceivedAsync());
    }

    [Fact]
    public async Task Its_bytes_may_come_one_by_one()
    {
        var answer = Http2Preface.IsNextAsync(_pipe.Reader, Ending).AsTask();
        foreach (var letter in Preface)
        {
            Assert.False(answer.IsCompleted);
            await SendAsync(letter.ToString());
        }

        Assert.True(await answer);
        Assert.Equal(Preface, await ReceivedAsync());
    }

    [Fact]
    public async Task Bytes_that_only_begin_like_it_are_left_whole()
    {
        var answer = Http2Preface.IsNextAsync(_pipe.Reader, Ending).AsTask();
        await SendAsync("PR");
        await SendAsync("OPFIND");

        Assert.False(await answer);
        Assert.Equal("PROPFIND", await ReceivedAsync());
    }

    [Fact]
    public async Task A_client_that_goes_away_in_the_midst_of_it_does_not_speak_it()
    {
        await SendAsync("PRI");
        await _pipe.Writer.CompleteAsync();

        Assert.False(await Http2Preface.IsNextAsync(_pipe.Reader, Ending));
    }

    private async Task SendAsync(string text) => await _pipe.Writer.WriteAsync(Encoding.ASCII.GetBytes(text), Ending);

    private async Task<string> ReceivedAsync() => Encoding.ASCII.GetString((await _pipe.Reader.ReadAsync(Ending)).Buffer);
}
