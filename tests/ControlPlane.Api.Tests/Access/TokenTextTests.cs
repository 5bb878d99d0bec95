using ControlPlane.Api.Access.Tokens;
using CsCheck;

namespace ControlPlane.Api.Tests.Access;

public sealed class TokenTextTests
{
    [Fact]
    public void A_token_is_well_formed_and_no_two_are_the_same()
    {
        var tokens = Enumerable.Range(0, 1000).Select(_ => TokenText.New()).ToList();

        Assert.All(tokens, token => Assert.True(TokenText.IsWellFormed(token)));
        Assert.Equal(tokens.Count, tokens.Distinct().Count());
        Assert.All(tokens, token => Assert.Matches("^dbw_[0-9A-Za-z]{49}$", token));
    }

    [Fact]
    public void A_letter_that_is_mistyped_is_noticed()
    {
        var token = TokenText.New();
        Gen.Select(Gen.Int[0, token.Length - 1], Gen.Char.AlphaNumeric).Sample((at, letter) =>
            token[at] == letter || !TokenText.IsWellFormed(string.Concat(token.AsSpan(0, at), [letter], token.AsSpan(at + 1))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("dbw_")]
    [InlineData("ghp_0000000000000000000000000000000000000000000000000")]
    public void Anything_else_is_not(string text) => Assert.False(TokenText.IsWellFormed(text));
}
