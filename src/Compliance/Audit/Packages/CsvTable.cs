using System.Buffers;
using System.Text;

namespace Compliance.Audit.Packages;

/// <summary>
/// Rows as CSV (RFC 4180, UTF-8, CRLF). A text that a spreadsheet would run as a formula gets an apostrophe before it, as OWASP advises.
/// </summary>
internal static class CsvTable
{
    private static readonly SearchValues<char> NeedsQuotes = SearchValues.Create(",\"\r\n");

    public static byte[] Header { get; } = Row([.. ExportRow.Columns.Select(static column => column.Name)]);

    public static byte[] Row(string[] cells)
    {
        var line = new StringBuilder();
        for (var i = 0; i < cells.Length; i++)
        {
            line.Append(i == 0 ? "" : ",").Append(Quote(ExportRow.Columns[i].Kind == ColumnKind.Text ? Defuse(cells[i]) : cells[i]));
        }

        return Encoding.UTF8.GetBytes(line.Append("\r\n").ToString());
    }

    private static string Defuse(string text) => text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\n' or '＝' or '＋' or '－' or '＠' ? $"'{text}" : text;

    private static string Quote(string text) => text.AsSpan().ContainsAny(NeedsQuotes) ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
