using System.Globalization;
using System.Text;
using Gateway.Forwarding;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.Forwarding;

public sealed class LastGoodAnswersTests
{
    private static readonly TimeSpan Now = TimeSpan.FromHours(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public void An_answer_is_given_again_to_the_same_request_while_it_is_not_too_old()
    {
        var answers = new LastGoodAnswers();
        answers.Keep("a", Now, new HeaderDictionary { ["Content-Type"] = "text/plain", ["Transfer-Encoding"] = "chunked" }, Encoding.UTF8.GetBytes("rice"));

        var answer = answers.Find("a", Now + Minute, Minute)!;

        Assert.Equal(("rice", "Content-Type"), (Encoding.UTF8.GetString(answer.Body.Span), Assert.Single(answer.Headers).Key));
        Assert.Null(answers.Find("a", Now + Minute + TimeSpan.FromTicks(1), Minute));
        Assert.Null(answers.Find("b", Now, Minute));
    }

    [Fact]
    public void Ever_new_requests_take_a_bounded_amount_of_memory_and_those_that_are_asked_for_stay()
    {
        var answers = new LastGoodAnswers();
        answers.Keep("asked", Now, new HeaderDictionary(), default);

        for (var i = 0; i < 10_000; i++)
        {
            answers.Keep(i.ToString(CultureInfo.InvariantCulture), Now, new HeaderDictionary(), default);
            Assert.NotNull(answers.Find("asked", Now, Minute));
        }

        Assert.Null(answers.Find("0", Now, Minute));
    }

    [Theory]
    [InlineData("GET", "", false, true)]
    [InlineData("POST", "", false, false)]
    [InlineData("HEAD", "", false, false)]
    [InlineData("GET", "Authorization", false, false)]
    [InlineData("GET", "Cookie", false, false)]
    [InlineData("GET", "Range", false, false)]
    [InlineData("GET", "", true, false)]
    public void What_says_who_asks_gets_no_answer_of_anybody_elses(string method, string header, bool isKnownCaller, bool may)
    {
        var request = new DefaultHttpContext { Request = { Method = method, Path = "/products" } }.Request;
        if (header.Length > 0)
        {
            request.Headers[header] = "x";
        }

        Assert.Equal(may, LastGoodAnswers.KeyOf(request, isKnownCaller) is not null);
    }

    [Theory]
    [InlineData(200, "X-Any", "x", true)]
    [InlineData(404, "X-Any", "x", false)]
    [InlineData(206, "X-Any", "x", false)]
    [InlineData(200, "Set-Cookie", "a=b", false)]
    [InlineData(200, "Cache-Control", "max-age=60, private", false)]
    [InlineData(200, "Cache-Control", "no-store", false)]
    [InlineData(200, "Vary", "Accept-Encoding, accept", true)]
    [InlineData(200, "Vary", "User-Id", false)]
    [InlineData(200, "Vary", "*", false)]
    [InlineData(200, "Content-Length", "65537", false)]
    public void What_is_for_one_caller_or_not_whole_is_not_kept(int status, string header, string value, bool may)
    {
        var response = new DefaultHttpContext().Response;
        response.StatusCode = status;
        response.Headers[header] = value;

        Assert.Equal(may, LastGoodAnswers.MayBeKept(response));
    }
}
