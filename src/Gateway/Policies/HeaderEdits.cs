namespace Gateway.Policies;

/// <summary>Edits of headers. What is set replaces, what is added comes behind what is there, what is removed goes.</summary>
/// <param name="Set">Headers that get this value, whatever they had.</param>
/// <param name="Add">Headers that get one value more.</param>
/// <param name="Remove">Headers that go.</param>
public sealed record HeaderEdits(
    IReadOnlyList<KeyValuePair<string, string>> Set, IReadOnlyList<KeyValuePair<string, string>> Add, IReadOnlyList<string> Remove)
{
    /// <summary>None.</summary>
    public static HeaderEdits None { get; } = new([], [], []);

    /// <summary>True when there is nothing to do.</summary>
    public bool IsEmpty => Set.Count == 0 && Add.Count == 0 && Remove.Count == 0;
}
