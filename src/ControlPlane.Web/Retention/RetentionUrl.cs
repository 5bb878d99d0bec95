using Microsoft.AspNetCore.WebUtilities;

namespace ControlPlane.Web.Retention;

/// <summary>What the retention page shows, as its address says it. What somebody is looked for by is never in it.</summary>
/// <param name="Tab">Part: <c>classes</c>, <c>holds</c> or <c>erasures</c>.</param>
/// <param name="State">Holds that are shown: <c>standing</c>, <c>released</c> or <c>all</c>.</param>
/// <param name="Text">Text that is searched for among holds.</param>
/// <param name="Sort">Order of holds.</param>
/// <param name="Subject">Opaque id of the person whose certificates are shown; null for all.</param>
/// <param name="Cursor">Where the page of the list begins.</param>
public sealed record RetentionUrl(string Tab = RetentionUrl.FirstTab, string State = RetentionUrl.FirstState, string? Text = null, string Sort = RetentionUrl.FirstSort, string? Subject = null, string? Cursor = null)
{
    /// <summary>Path of the page.</summary>
    public const string Path = "/retention";

    /// <summary>The part that is shown first.</summary>
    public const string FirstTab = "classes";

    /// <summary>The holds that are shown first.</summary>
    public const string FirstState = "standing";

    /// <summary>The order that holds have first.</summary>
    public const string FirstSort = "-placed";

    /// <summary>The parts, with their titles.</summary>
    public static IReadOnlyList<(string Word, string Title)> Tabs { get; } = [("classes", "Classes"), ("holds", "Legal holds"), ("erasures", "Erasure")];

    /// <summary>Holds that can be shown, with titles.</summary>
    public static IReadOnlyList<(string Word, string Title)> States { get; } = [("standing", "Standing"), ("released", "Released"), ("all", "All")];

    /// <summary>True where the list of holds is narrowed.</summary>
    public bool IsNarrowed => Text is not null || State != FirstState;

    /// <summary>Reads an address; unknown words are as if they were not there.</summary>
    public static RetentionUrl Read(string uri)
    {
        var query = QueryHelpers.ParseQuery(new Uri(uri).Query);
        string? One(string word) => query.GetValueOrDefault(word) is [{ Length: > 0 } value, ..] ? value : null;

        return new(
            Tabs.Select(static tab => tab.Word).FirstOrDefault(tab => tab == One("tab"), FirstTab),
            States.Select(static state => state.Word).FirstOrDefault(state => state == One("state"), FirstState),
            One("q"),
            One("sort") ?? FirstSort,
            One("subject"),
            One("cursor"));
    }

    /// <summary>The address, from the root.</summary>
    public string Write() => QueryHelpers.AddQueryString(Path, new Dictionary<string, string?>
    {
        ["tab"] = Tab == FirstTab ? null : Tab,
        ["state"] = State == FirstState ? null : State,
        ["q"] = Text,
        ["sort"] = Sort == FirstSort ? null : Sort,
        ["subject"] = Subject,
        ["cursor"] = Cursor,
    }.Where(static word => !string.IsNullOrWhiteSpace(word.Value)));
}
