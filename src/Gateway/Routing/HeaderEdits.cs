namespace Gateway.Routing;

/// <summary>Edits of headers. What is set replaces, what is added comes behind what is there, what is removed goes.</summary>
internal sealed record HeaderEdits(
    IReadOnlyList<KeyValuePair<string, string>> Set, IReadOnlyList<KeyValuePair<string, string>> Add, IReadOnlyList<string> Remove)
{
    public static HeaderEdits None { get; } = new([], [], []);

    public bool IsEmpty => Set.Count == 0 && Add.Count == 0 && Remove.Count == 0;
}
