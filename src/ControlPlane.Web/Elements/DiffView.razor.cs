using ControlPlane.Api.Manifests;
using Microsoft.AspNetCore.Components;

namespace ControlPlane.Web.Elements;

/// <summary>Shows how two texts differ, with line numbers and the words that changed; long stretches without a change are folded.</summary>
public sealed partial class DiffView
{
    private const int LinesAround = 3;

    private readonly HashSet<int> _unfolded = [];
    private (string Before, string After)? _texts;
    private IReadOnlyList<DiffRow> _rows = [];
    private IReadOnlyList<Stretch> _stretches = [];

    /// <summary>The text before.</summary>
    [Parameter, EditorRequired]
    public string Before { get; set; } = "";

    /// <summary>The text after.</summary>
    [Parameter, EditorRequired]
    public string After { get; set; } = "";

    /// <summary>What the text before is.</summary>
    [Parameter]
    public string BeforeTitle { get; set; } = "Now";

    /// <summary>What the text after is.</summary>
    [Parameter]
    public string AfterTitle { get; set; } = "Then";

    /// <summary>What to say when they are the same.</summary>
    [Parameter]
    public string SameText { get; set; } = "Nothing differs.";

    /// <summary>Side by side rather than one below the other.</summary>
    [Parameter]
    public bool SideBySide { get; set; }

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        if (_texts != (Before, After))
        {
            _texts = (Before, After);
            _rows = LineDiff.Of(Before.TrimEnd('\n'), After.TrimEnd('\n'));
            _stretches = [.. Stretch.Of(_rows, LinesAround)];
            _unfolded.Clear();
        }
    }

    private static string? Tone(LineChange change) => change switch
    {
        LineChange.Added => "added",
        LineChange.Removed => "removed",
        LineChange.Edited => "edited",
        _ => null,
    };

    /// <summary>Edited lines one below the other: what goes before what comes, for each run of changes as a whole.</summary>
    private static IEnumerable<UnifiedLine> Unified(IReadOnlyList<DiffRow> rows)
    {
        var come = new List<UnifiedLine>();
        foreach (var row in rows)
        {
            if (row.Change == LineChange.Same)
            {
                foreach (var line in come)
                {
                    yield return line;
                }

                come.Clear();
                yield return new(null, "same", " ", row.Before!.Number, row.After!.Number, row.After);
                continue;
            }

            if (row.Before is { } gone)
            {
                yield return new("removed", "before", "−", gone.Number, null, gone);
            }

            if (row.After is { } added)
            {
                come.Add(new("added", "after", "+", null, added.Number, added));
            }
        }

        foreach (var line in come)
        {
            yield return line;
        }
    }

    private sealed record UnifiedLine(string? Tone, string Side, string Sign, int? Before, int? After, DiffLine? Line);

    private sealed record Stretch(int First, IReadOnlyList<DiffRow> Rows, bool IsFolded)
    {
        /// <summary>Takes the rows apart into those near a change and those far from any.</summary>
        public static IEnumerable<Stretch> Of(IReadOnlyList<DiffRow> rows, int around)
        {
            var near = new bool[rows.Count];
            for (var i = 0; i < rows.Count; i++)
            {
                if (rows[i].Change != LineChange.Same)
                {
                    var first = Math.Max(0, i - around);
                    Array.Fill(near, true, first, Math.Min(rows.Count, i + around + 1) - first);
                }
            }

            for (var i = 0; i < rows.Count;)
            {
                var end = i;
                while (end < rows.Count && near[end] == near[i])
                {
                    end++;
                }

                // One or two lines are as short as the words that stand for them.
                yield return new(i, [.. rows.Skip(i).Take(end - i)], IsFolded: !near[i] && end - i > 2);
                i = end;
            }
        }
    }

    private static RenderFragment Line(DiffLine? line) => builder =>
    {
        foreach (var part in line?.Parts ?? [])
        {
            if (part.Changed)
            {
                builder.OpenElement(0, "mark");
                builder.AddContent(1, part.Text);
                builder.CloseElement();
            }
            else
            {
                builder.AddContent(2, part.Text);
            }
        }
    };
}
