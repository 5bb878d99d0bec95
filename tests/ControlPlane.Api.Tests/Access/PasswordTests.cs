using ControlPlane.Api.Access.Passwords;
using ControlPlane.Api.Problems;

namespace ControlPlane.Api.Tests.Access;

public sealed class PasswordTests
{
    private static readonly PasswordCost Cheap = new(MemoryKiB: 64, Passes: 1, Lanes: 1);

    /// <summary>The reference implementation's own (phc-winner-argon2, src/test.c: version 0x13, t=2, m=2^16, p=1).</summary>
    [Fact]
    public void A_hash_of_the_reference_implementation_is_known()
    {
        const string Hash = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";

        Assert.True(PasswordHash.Verify("password", Hash));
        Assert.False(PasswordHash.Verify("Password", Hash));
    }

    [Fact]
    public void The_cost_is_what_OWASP_asks_for()
    {
        Assert.StartsWith("$argon2id$v=19$m=19456,t=2,p=1$", PasswordHash.Of("correct horse battery", PasswordCost.Default), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("secret")]
    [InlineData("$argon2id$v=19$m=64,t=1,p=1$$")]
    [InlineData("$argon2i$v=19$m=64,t=1,p=1$c29tZXNhbHQ$AAAA")]
    [InlineData("$argon2id$v=19$m=99999999,t=1,p=1$c29tZXNhbHQ$AAAA")]
    [InlineData("$argon2id$v=19$m=64,t=0,p=1$c29tZXNhbHQ$AAAA")]
    public void What_is_no_hash_of_ours_lets_nobody_in(string stored) => Assert.False(PasswordHash.Verify("secret", stored));

    [Fact]
    public void The_same_password_has_another_hash_each_time() =>
        Assert.NotEqual(PasswordHash.Of("correct horse battery", Cheap), PasswordHash.Of("correct horse battery", Cheap));

    [Fact]
    public void Letters_that_look_the_same_are_the_same() => Assert.True(PasswordHash.Verify("caf\u00e9-de-bombay", PasswordHash.Of("cafe\u0301-de-bombay", Cheap)));

    [Fact]
    public async Task A_password_that_was_hashed_at_another_cost_is_hashed_anew_when_it_is_known()
    {
        using var checks = new PasswordChecks(Cheap with { Passes = 2 });
        var old = PasswordHash.Of("correct horse battery", Cheap);

        Assert.Equal((false, null), await checks.CheckAsync("wrong horse battery", old, TestContext.Current.CancellationToken));
        var (right, renewed) = await checks.CheckAsync("correct horse battery", old, TestContext.Current.CancellationToken);

        Assert.True(right);
        Assert.Equal((true, null), await checks.CheckAsync("correct horse battery", renewed, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Nobody_gets_in_where_there_is_no_password()
    {
        using var checks = new PasswordChecks(Cheap);

        Assert.False((await checks.CheckAsync("", stored: null, TestContext.Current.CancellationToken)).Right);
        Assert.False((await checks.CheckAsync("anything at all", stored: null, TestContext.Current.CancellationToken)).Right);
    }

    [Theory]
    [InlineData("short")]
    [InlineData("aaaaaaaaaaaaaaaa")]
    [InlineData("my-password-123")]
    [InlineData("i-am-asha-really")]
    public async Task A_password_that_others_would_try_is_refused(string password)
    {
        using var checks = new PasswordChecks(Cheap);

        var refusal = await Assert.ThrowsAsync<RequestException>(() => checks.HashAsync(password, "asha", TestContext.Current.CancellationToken));

        Assert.Equal("password", refusal.Field);
    }
}
