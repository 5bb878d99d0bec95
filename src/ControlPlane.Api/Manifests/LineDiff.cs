using DiffPlex.DiffBuilder;
using DiffPlex.DiffBuilder.Model;

namespace ControlPlane.Api.Manifests;

/// <summary>What became of a line.</summary>
public enum LineChange
{
    /// <summary>It is on both sides.</summary>
    Same,

    /// <summary>It is only in the text before.</summary>
    Removed,

    /// <summary>It is only in the text after.</summary>
    Added,

    /// <summary>It is on both sides, with other words.</summary>
    Edited,
}

/// <summary>A stretch of a line.</summary>
/// <param name="Text">The text.</param>
/// <param name="Changed">True when the other side has something else there.</param>
public sealed record LinePart(string Text, bool Changed);

/// <summary>One side of a row.</summary>
/// <param name="Number">Number of the line in its text, from 1.</param>
/// <param name="Parts">The line.</param>
public sealed record DiffLine(int Number, IReadOnlyList<LinePart> Parts)
{
    /// <summary>The whole line.</summary>
    public string Text => string.Concat(Parts.Select(part => part.Text));
}

/// <summary>Two lines that stand side by side.</summary>
/// <param name="Change">How they differ.</param>
/// <param name="Before">The line before; null when it was added.</param>
/// <param name="After">The line after; null when it was removed.</param>
public sealed record DiffRow(LineChange Change, DiffLine? Before, DiffLine? After);

/// <summary>How two texts differ, line by line and, where a line was edited, word by word.</summary>
public static class LineDiff
{
    private static readonly char[] WordBreaks = [' ', '\t', '.', ',', ':', ';', '/', '-', '_', '"', '\'', '=', '(', ')', '[', ']', '{', '}'];

    /// <summary>Compares.</summary>
    public static IReadOnlyList<DiffRow> Of(string before, string after)
    {
        var model = SideBySideDiffBuilder.Diff(
            DiffPlex.Differ.Instance, before, after, ignoreWhiteSpace: false, ignoreCase: false, new DiffPlex.Chunkers.LineChunker(), new DiffPlex.Chunkers.DelimiterChunker(WordBreaks));
        return [.. model.OldText.Lines.Zip(model.NewText.Lines, Row).Where(row => row is { Before: not null } or { After: not null })];
    }

    private static DiffRow Row(DiffPiece old, DiffPiece now)
    {
        var (before, after) = (Line(old), Line(now));
        var change = (before, after) switch
        {
            (null, _) => LineChange.Added,
            (_, null) => LineChange.Removed,
            _ => old.Type == ChangeType.Unchanged ? LineChange.Same : LineChange.Edited,
        };
        return new(change, before, after);
    }

    private static DiffLine? Line(DiffPiece piece)
    {
        if (piece.Position is not { } number)
        {
            return null;
        }

        var parts = piece.SubPieces
            .Where(word => !string.IsNullOrEmpty(word.Text))
            .Select(word => new LinePart(word.Text, word.Type != ChangeType.Unchanged))
            .ToList();
        return new(number, parts.Count > 0 ? parts : [new LinePart(piece.Text ?? "", Changed: false)]);
    }
}
