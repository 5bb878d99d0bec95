using System.Globalization;
using System.Text;
using PdfSharp.Pdf;

namespace Compliance.Audit.Packages;

/// <summary>
/// Text on A4 pages, in the fonts that every PDF reader brings along (ISO 32000-1 section 9.6.2.2), so that none needs to be installed or embedded. The
/// same text gives the same bytes.
/// </summary>
internal sealed class PdfText : IDisposable
{
    private const double Width = 595;
    private const double Height = 842;
    private const double Margin = 60;

    /// <summary>No time belongs into the package; a document must have one all the same.</summary>
    private static readonly DateTime NoTime = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly PdfDocument _document = new();
    private readonly PdfDictionary _resources;
    private StringBuilder _content = new();
    private double _y = Height - Margin;

    public PdfText(string title)
    {
        _document.Info.Title = title;
        _document.Info.CreationDate = NoTime;
        _document.Options.CompressContentStreams = false; // the same bytes whatever compressor the machine has
        _resources = new PdfDictionary(_document);
        var fonts = new PdfDictionary(_document);
        fonts.Elements["/F1"] = Font("/Helvetica");
        fonts.Elements["/F2"] = Font("/Helvetica-Bold");
        fonts.Elements["/F3"] = Font("/Courier");
        _resources.Elements["/Font"] = fonts;
    }

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
        var page = _document.AddPage();
        (page.Width, page.Height) = (PdfSharp.Drawing.XUnit.FromPoint(Width), PdfSharp.Drawing.XUnit.FromPoint(Height));
        page.Elements["/Resources"] = _resources;
        page.Contents.CreateSingleContent().CreateStream(Encoding.Latin1.GetBytes(_content.ToString()));
        _content = new StringBuilder();
        _y = Height - Margin;
    }

    public void Dispose() => _document.Dispose();

    public byte[] Save()
    {
        NewPage();
        _document.Info.ModificationDate = NoTime;
        (_document.Internals.FirstDocumentID, _document.Internals.SecondDocumentID) = ("dabbawala-export", "dabbawala-export");
        using var bytes = new MemoryStream();
        _document.Save(bytes, closeStream: false);
        return bytes.ToArray();
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
        var escaped = text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("(", @"\(", StringComparison.Ordinal).Replace(")", @"\)", StringComparison.Ordinal);
        _content.Append(CultureInfo.InvariantCulture, $"BT {font} {size:0.#} Tf {Margin:0.#} {_y:0.##} Td ({escaped}) Tj ET\n");
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

    private PdfDictionary Font(string name)
    {
        var font = new PdfDictionary(_document);
        font.Elements["/Type"] = new PdfName("/Font");
        font.Elements["/Subtype"] = new PdfName("/Type1");
        font.Elements["/BaseFont"] = new PdfName(name);
        font.Elements["/Encoding"] = new PdfName("/WinAnsiEncoding");
        return font;
    }
}
