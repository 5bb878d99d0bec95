using ControlPlane.Api.Problems;

namespace ControlPlane.Api.Access.Passwords;

/// <summary>Makes and checks password hashes, a few at a time: each takes 19 MiB, so a flood of sign-ins must wait, not eat the heap.</summary>
public sealed class PasswordChecks(PasswordCost cost) : IDisposable
{
    private const int Shortest = 12;
    private const int Longest = 128;

    private readonly SemaphoreSlim _atOnce = new(Math.Max(1, Environment.ProcessorCount / 2));
    private readonly Lazy<string> _nobodys = new(() => PasswordHash.Of(Secret.New(), cost));

    /// <inheritdoc/>
    public void Dispose() => _atOnce.Dispose();

    /// <summary>Makes a hash of a password that somebody chose.</summary>
    /// <exception cref="RequestException">It does not do (NIST SP 800-63B: long, and not what others would try first; no rules on letters).</exception>
    public Task<string> HashAsync(string password, string userName, CancellationToken cancellationToken)
    {
        if (WhyNot(password, userName) is { } problem)
        {
            throw RequestException.BadParameter("password", problem);
        }

        return InTurnAsync(() => PasswordHash.Of(password, cost), cancellationToken);
    }

    private const string Impossible = "-";

    /// <summary>
    /// True when the password is the one. Where there is none to compare with (no such account, no password, disabled), it takes as long as
    /// where there is: how long an answer takes must not tell who has an account.
    /// </summary>
    /// <returns>Whether it is, and a new hash where the stored one was made at another cost.</returns>
    public Task<(bool Right, string? Renewed)> CheckAsync(string password, string? stored, CancellationToken cancellationToken) => InTurnAsync(
        () =>
        {
            // A megabyte of password would be work for nothing, and Argon2 takes no empty one: neither is anybody's, and both take as long as another.
            var isPossible = password.Length is > 0 and <= Longest;
            var right = PasswordHash.Verify(isPossible ? password : Impossible, stored ?? _nobodys.Value) && stored is not null && isPossible;
            return (right, right && PasswordHash.IsOutdated(stored!, cost) ? PasswordHash.Of(password, cost) : null);
        },
        cancellationToken);

    private static string? WhyNot(string password, string userName) => password switch
    {
        null or { Length: < Shortest } => $"a password has at least {Shortest} characters",
        { Length: > Longest } => $"a password has at most {Longest} characters",
        _ when password.Contains(userName, StringComparison.OrdinalIgnoreCase) => "a password must not contain the name of the account",
        _ when password.Contains("password", StringComparison.OrdinalIgnoreCase) || password.Contains("dabbawala", StringComparison.OrdinalIgnoreCase)
            => "that is what others would try first",
        _ when password.Distinct().Count() < 5 => "a password has at least five different characters",
        _ => null,
    };

    private async Task<T> InTurnAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        await _atOnce.WaitAsync(cancellationToken);
        try
        {
            return work();
        }
        finally
        {
            _atOnce.Release();
        }
    }
}
