using Bunit;
using ControlPlane.Web.Elements;
using ControlPlane.Web.Tests.Testing;

namespace ControlPlane.Web.Tests.Elements;

public sealed class DiffViewTests : ConsoleTest
{
    [Fact]
    public void Texts_that_are_the_same_are_said_to_be()
    {
        var diff = Render("a: 1\n", "a: 1\n");

        Assert.Empty(diff.FindAll("table"));
        Assert.Contains("Nothing differs", diff.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void An_edited_line_is_shown_before_and_after_with_the_word_that_changed()
    {
        var diff = Render("replicas: 2\n", "replicas: 3\n");

        Assert.Equal("2", diff.Find("td.before mark").TextContent);
        Assert.Equal("3", diff.Find("td.after mark").TextContent);
        Assert.Equal(["−", "+"], diff.FindAll(".sign").Select(sign => sign.TextContent));
    }

    [Fact]
    public void Lines_have_the_number_that_they_have_in_their_own_text()
    {
        var diff = Render("a: 1\nb: 2\n", "new: 0\na: 1\nb: 2\n");

        Assert.Equal([" 1", "1 2", "2 3"], diff.FindAll("tbody tr").Select(row => string.Join(' ', row.QuerySelectorAll("td.at").Select(cell => cell.TextContent))));
    }

    [Fact]
    public void What_is_far_from_any_change_is_folded_until_somebody_asks_for_it()
    {
        var lines = string.Concat(Enumerable.Range(1, 40).Select(i => $"line: {i}\n"));
        var diff = Render($"first: 1\n{lines}", $"first: 2\n{lines}");
        Assert.DoesNotContain("line: 40", diff.Markup, StringComparison.Ordinal);

        diff.Find(".fold button").Click();

        Assert.Contains("line: 40", diff.Markup, StringComparison.Ordinal);
    }

    private IRenderedComponent<DiffView> Render(string before, string after) =>
        Console.Render<DiffView>(view => view.Add(v => v.Before, before).Add(v => v.After, after));
}
