using ControlPlane.Kubernetes.Tests.Testing;
using Gateway.Identity;
using Microsoft.IdentityModel.Tokens;

namespace Gateway.Tests.Identity;

public sealed class TokenVerifierTests : IDisposable
{
    private readonly TestClock _clock = new();
    private readonly TestIssuer _issuer = new();
    private readonly TestIssuer _other = new();

    public static TheoryData<string, string> Tokens => new()
    {
        { "good", "" },
        { "expired", "the token is expired, or not valid yet" },
        { "just expired", "" },
        { "not yet", "the token is expired, or not valid yet" },
        { "for ever", "the token is expired, or not valid yet" },
        { "other audience", "the token is for another audience" },
        { "other key", "the token's signature can't be verified" },
        { "unsigned", "the token's signature can't be verified" },
        { "confused", "the token is signed by an algorithm that is not taken" },
    };

    private DateTime Now => _clock.GetUtcNow().UtcDateTime;

    public void Dispose()
    {
        _issuer.Dispose();
        _other.Dispose();
    }

    [Theory]
    [MemberData(nameof(Tokens))]
    public async Task A_token_is_taken_by_signature_algorithm_audience_and_times(string kind, string problem)
    {
        var text = _issuer.Token(Now, change: token =>
        {
            switch (kind)
            {
                case "expired":
                    (token.NotBefore, token.Expires) = (Now.AddMinutes(-10), Now.AddSeconds(-31));
                    break;
                case "just expired":
                    (token.NotBefore, token.Expires) = (Now.AddMinutes(-10), Now.AddSeconds(-29));
                    break;
                case "not yet":
                    token.NotBefore = Now.AddSeconds(31);
                    break;
                case "for ever":
                    token.Expires = null;
                    break;
                case "other audience":
                    token.Audience = "bank";
                    break;
                case "other key":
                    token.SigningCredentials = _other.Credentials;
                    break;
                case "unsigned":
                    token.SigningCredentials = null;
                    break;
                case "confused":
                    token.SigningCredentials = _issuer.Confused;
                    break;
            }
        });
        var verifier = new TokenVerifier(_clock);

        var verdict = await verifier.VerifyAsync(verifier.Read(text)!, TestIssuer.Options(), new KeySet([.. new JsonWebKeySet(_issuer.KeySet).Keys]));

        if (kind == "confused")
        {
            Assert.Null(verdict.Caller); // by the algorithm, or because no such key is there: in any case
            return;
        }

        Assert.Equal(problem, verdict.Problem ?? "");
        Assert.Equal(problem.Length == 0 ? "asha" : null, verdict.Caller?.FindFirst("sub")?.Value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a.b.c")]
    [InlineData("no token")]
    public void What_is_no_token_is_none(string text) => Assert.Null(new TokenVerifier(_clock).Read(text));

    [Fact]
    public void A_token_that_is_longer_than_headers_are_is_not_even_read() =>
        Assert.Null(new TokenVerifier(_clock).Read(_issuer.Token(Now, subject: new string('x', TokenVerifier.LongestToken))));
}
