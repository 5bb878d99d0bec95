using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Compliance.Audit.Packages;

/// <summary>
/// The few objects that a PDF of plain text needs (ISO 32000-1 section 7.5): catalogue, pages, three standard fonts, contents. Not compressed, without
/// dates, so that the same text gives the same bytes.
/// </summary>
internal static class PdfFile
{
    private const int FirstPage = 7;

    /// <param name="title">Title of the document.</param>
    /// <param name="width">Width of a page in points.</param>
    /// <param name="height">Height of a page in points.</param>
    /// <param name="contents">Content streams of the pages, in Latin-1, using fonts F1 to F3: Helvetica, its bold, Courier.</param>
    public static byte[] Write(string title, double width, double height, IReadOnlyList<string> contents)
    {
        List<string> objects =
        [
            "<< /Type /Catalog /Pages 2 0 R >>",
            Text($"<< /Type /Pages /Count {contents.Count} /Kids [{string.Join(' ', contents.Select(static (_, i) => Text($"{FirstPage + (2 * i)} 0 R")))}] >>"),
            Font("Helvetica"),
            Font("Helvetica-Bold"),
            Font("Courier"),
            $"<< /Title ({Escape(title)}) /Producer (Dabbawala) >>",
        ];
        foreach (var content in contents)
        {
            objects.Add(Text($"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}] /Resources << /Font << /F1 3 0 R /F2 4 0 R /F3 5 0 R >> >> /Contents {objects.Count + 2} 0 R >>"));
            objects.Add(Text($"<< /Length {content.Length} >>\nstream\n{content}\nendstream"));
        }

        return Encoding.Latin1.GetBytes(Assemble(objects));
    }

    /// <summary>A text as it stands between parentheses.</summary>
    public static string Escape(string text) =>
        text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("(", @"\(", StringComparison.Ordinal).Replace(")", @"\)", StringComparison.Ordinal);

    private static string Assemble(List<string> objects)
    {
        var file = new StringBuilder("%PDF-1.4\n");
        var table = new StringBuilder();
        for (var i = 0; i < objects.Count; i++)
        {
            table.Append(CultureInfo.InvariantCulture, $"{file.Length:0000000000} 00000 n \n");
            file.Append(CultureInfo.InvariantCulture, $"{i + 1} 0 obj\n{objects[i]}\nendobj\n");
        }

        var id = Convert.ToHexString(SHA256.HashData(Encoding.Latin1.GetBytes(file.ToString()))[..16]);
        var start = file.Length;
        file.Append(CultureInfo.InvariantCulture, $"xref\n0 {objects.Count + 1}\n0000000000 65535 f \n{table}");
        file.Append(CultureInfo.InvariantCulture, $"trailer\n<< /Size {objects.Count + 1} /Root 1 0 R /Info 6 0 R /ID [<{id}> <{id}>] >>\nstartxref\n{start}\n%%EOF\n");
        return file.ToString();
    }

    private static string Font(string name) => $"<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
