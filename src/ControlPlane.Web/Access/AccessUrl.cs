using Microsoft.AspNetCore.WebUtilities;

namespace ControlPlane.Web.Access;

/// <summary>What the access page shows, as its address says it.</summary>
/// <param name="Tab">Part: <c>users</c>, <c>tokens</c>, <c>sessions</c> or <c>blocked</c>.</param>
/// <param name="Text">Text that is searched for.</param>
/// <param name="Role">Role that is filtered by.</param>
/// <param name="Sort">Order of people.</param>
/// <param name="Cursor">Where the page of the list begins.</param>
/// <param name="User">Id of the person who is shown, or whose tokens and sessions are.</param>
public sealed record AccessUrl(string Tab, string? Text = null, string? Role = null, string Sort = "name", string? Cursor = null, string? User = null)
{
    /// <summary>Path of the page.</summary>
    public const string Path = "/access";
    /// <summary>The part that is shown first.</summary>
    public const string FirstTab = "users";

    /// <summary>The parts, with their titles.</summary>
    public static IReadOnlyList<(string Word, string Title)> Tabs { get; } = [("users", "People"), ("tokens", "Tokens"), ("sessions", "Sessions"), ("blocked", "Blocked")];

    /// <summary>Reads an address; unknown words are as if they were not there.</summary>
    public static AccessUrl Read(string uri)
    {
        var query = QueryHelpers.ParseQuery(new Uri(uri).Query);
        string? One(string word) => query.GetValueOrDefault(word) is [{ Length: > 0 } value, ..] ? value : null;
        var tab = One("tab");
        return new(Tabs.Any(known => known.Word == tab) ? tab! : FirstTab, One("q"), One("role"), One("sort") ?? "name", One("cursor"), One("user"));
    }

    /// <summary>The address, from the root.</summary>
    public string Write()
    {
        List<KeyValuePair<string, string?>> words =
        [
            new("tab", Tab == FirstTab ? null : Tab),
            new("q", string.IsNullOrWhiteSpace(Text) ? null : Text),
            new("role", Role),
            new("sort", Sort == "name" ? null : Sort),
            new("cursor", Cursor),
            new("user", User),
        ];
        return QueryHelpers.AddQueryString(Path, words.Where(word => word.Value is not null));
    }
}
