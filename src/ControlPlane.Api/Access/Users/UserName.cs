using System.Text.RegularExpressions;

namespace ControlPlane.Api.Access.Users;

/// <summary>Names to sign in with.</summary>
internal static partial class UserName
{
    /// <summary>As it is stored and compared.</summary>
    public static string Normalize(string name) => name.Trim().ToLowerInvariant();

    /// <summary>True when it can be one: letters, digits and <c>. _ - @ +</c>, 2 to 100 of them.</summary>
    public static bool IsOne(string name) => Pattern().IsMatch(name);

    [GeneratedRegex("^[a-z0-9][a-z0-9._@+-]{1,99}$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Pattern();
}
