using System.Globalization;
using System.Text;

namespace Compliance.Audit.Packages;

/// <summary>
/// Text on A4 pages, in the fonts that every PDF reader brings along (ISO 32000-1 section 9.6.2.2), so that none needs to be installed or embedded. The
/// same text gives the same bytes.
/// </summary>
internal sealed class PdfText(string title)
{
    private const double Width = 595;
    private const double Height = 842;
    private const double Margin = 60;

    private readonly List<string> _pages = [];
    private StringBuilder _content = new();
    private double _y = Height - Margin;

    public void Heading(string text)
    {
        Space();
        Flow(text, "/F2", 13, static letter => HelveticaWidths.Of(letter) + 40); // bold is a little wider
    }

    public void Paragraph(string text)
    {
        Flow(text, "/F1", 10, HelveticaWidths.Of);
        _y -= 4;
    }

    public void Field(string name, string value) => Paragraph($"{name}: {value}");

    public void Code(string text)
    {
        Flow(text, "/F3", 10, static _ => 600);
        _y -= 4;
    }

    public void Space() => _y -= 10;

    public void NewPage()
    {
        _pages.Add(_content.ToString());
        _content = new StringBuilder();
        _y = Height - Margin;
    }

    public byte[] Save()
    {
        NewPage();
        return PdfFile.Write(Printable(title), Width, Height, _pages);
    }

    private void Flow(string text, string font, double size, Func<char, int> widthOf)
    {
        var line = new StringBuilder();
        foreach (var word in Printable(text).Split(' ').SelectMany(word => Fit(word, size, widthOf)))
        {
            if (line.Length > 0 && Measure($"{line} {word}", size, widthOf) > Width - (2 * Margin))
            {
                Line(line.ToString(), font, size);
                line.Clear();
            }

            line.Append(line.Length > 0 ? " " : "").Append(word);
        }

        Line(line.ToString(), font, size);
    }

    private void Line(string text, string font, double size)
    {
        if (_y < Margin)
        {
            NewPage();
        }

        _y -= size * 1.35;
        _content.Append(CultureInfo.InvariantCulture, $"BT {font} {size:0.#} Tf {Margin:0.#} {_y:0.##} Td ({PdfFile.Escape(text)}) Tj ET\n");
    }

    /// <summary>A word longer than a line is cut.</summary>
    private static IEnumerable<string> Fit(string word, double size, Func<char, int> widthOf)
    {
        var start = 0;
        for (var end = 1; end <= word.Length; end++)
        {
            if (Measure(word[start..end], size, widthOf) > Width - (2 * Margin))
            {
                yield return word[start..(end - 1)];
                start = end - 1;
            }
        }

        yield return word[start..];
    }

    private static double Measure(string text, double size, Func<char, int> widthOf) => text.Sum(widthOf) * size / 1000;

    /// <summary>The fonts have Latin letters only; another one shows as a question mark rather than as nothing.</summary>
    private static string Printable(string text) => string.Concat(text.Select(static letter => letter is >= ' ' and <= '~' or >= '\u00a0' and <= '\u00ff' ? letter : char.IsControl(letter) ? ' ' : '?'));
}
