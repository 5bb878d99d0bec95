using System.Text.RegularExpressions;
using ControlPlane.Api.Problems;

namespace ControlPlane.Api.Audit;

/// <summary>
/// What somebody typed into the search box. <c>word:value</c> says it exactly; a bare word is taken for what it looks like: <c>shop/order</c> an
/// object, <c>manifests.apply</c> an action, 32 hexadecimal digits a correlation id, anything else the name of an object.
/// </summary>
internal sealed partial record SearchWords
{
    public string? From { get; private init; }

    public string? To { get; private init; }

    public string? Actor { get; private init; }

    public string? Action { get; private init; }

    public string? Kind { get; private init; }

    public IReadOnlyList<string>? Namespaces { get; private init; }

    public string? Name { get; private init; }

    public string? Framework { get; private init; }

    public string? Outcome { get; private init; }

    public string? Source { get; private init; }

    public string? Correlation { get; private init; }

    /// <summary>Reads the words.</summary>
    /// <exception cref="RequestException">There is no such word before a colon.</exception>
    public static SearchWords Read(string? text) =>
        (text ?? "").Split(' ', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Aggregate(new SearchWords(), static (words, word) => words.With(word));

    private SearchWords With(string word)
    {
        if (Said().Match(word) is { Success: true } said)
        {
            return With(said.Groups["word"].Value.ToLowerInvariant(), said.Groups["value"].Value);
        }

        if (CorrelationShape().IsMatch(word))
        {
            return this with { Correlation = word };
        }

        if (word.Split('/') is [{ Length: > 0 } ns, { Length: > 0 } name])
        {
            return this with { Namespaces = [ns], Name = name };
        }

        return ActionShape().IsMatch(word) ? this with { Action = word } : this with { Name = word };
    }

    private SearchWords With(string word, string value) => word switch
    {
        "from" => this with { From = value },
        "to" => this with { To = value },
        "actor" or "who" => this with { Actor = value },
        "action" or "what" => this with { Action = value },
        "kind" => this with { Kind = value },
        "namespace" or "ns" => this with { Namespaces = [.. Namespaces ?? [], value] },
        "name" => this with { Name = value },
        "framework" => this with { Framework = value },
        "outcome" => this with { Outcome = value },
        "source" => this with { Source = value },
        "correlation" => this with { Correlation = value },
        _ => throw RequestException.BadParameter("q", $"'{word}:' is no word of the search; there are from, to, actor, action, kind, namespace, name, framework, outcome, source and correlation"),
    };

    [GeneratedRegex("^(?<word>[A-Za-z]+):(?<value>.+)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Said();

    [GeneratedRegex("^[0-9a-f]{32}$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CorrelationShape();

    [GeneratedRegex(@"^[a-z-]+\.(\*|[a-z-]+)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ActionShape();
}
