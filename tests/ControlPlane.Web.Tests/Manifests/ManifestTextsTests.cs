using ControlPlane.Api.Manifests;
using ControlPlane.Web.Manifests;

namespace ControlPlane.Web.Tests.Manifests;

public class ManifestTextsTests
{
    private static readonly ManifestTexts Texts = new(
    [
        new ManifestFile("a.yaml", "kind: A\r\nmetadata:\r\n  name: a\r\n"),
        new ManifestFile("b.yaml", "kind: B\nmetadata: {name: b}\n---\nkind: C\nmetadata: {name: c}\n"),
    ]);

    [Fact]
    public void Objects_come_in_the_order_of_the_files_and_know_their_place() => Assert.Equal(
        [("A", "a.yaml", 1), ("B", "b.yaml", 1), ("C", "b.yaml", 4)],
        Texts.Documents().Select(document => (document.Kind, document.File, document.Line)));

    [Theory]
    [InlineData("a.yaml", 3, "  name: a")]
    [InlineData("b.yaml", 4, "kind: C")]
    [InlineData("b.yaml", 99, null)]
    [InlineData("b.yaml", 0, null)]
    [InlineData("c.yaml", 1, null)]
    public void A_line_is_found_by_file_and_number(string file, int line, string? expected) => Assert.Equal(expected, Texts.LineAt(file, line));
}
