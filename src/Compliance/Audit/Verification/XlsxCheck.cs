using System.Globalization;
using System.IO.Compression;
using System.Xml;
using Compliance.Audit.Packages;

namespace Compliance.Audit.Verification;

/// <summary>The spreadsheet has, cell for cell, what follows from the entries, in as many sheets as it takes.</summary>
internal sealed class XlsxCheck : IAsyncDisposable
{
    private const string Check = "XLSX";
    private static readonly XmlReaderSettings Settings = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null }; // not async: a call for each of a hundred nodes of a row would cost more than reading them

    private readonly Stream? _file;
    private readonly ZipArchive? _zip;
    private Stream? _part;
    private XmlReader? _sheet;
    private int _sheets;

    private XlsxCheck(Stream? file)
    {
        _file = file;
        _zip = file is null ? null : new ZipArchive(file, ZipArchiveMode.Read);
    }

    /// <exception cref="InvalidDataException">It is no zip file.</exception>
    public static async Task<XlsxCheck> OpenAsync(PackageFiles files, CancellationToken cancellationToken)
    {
        var file = files.TryOpen(PackageLayout.Xlsx);
        return new XlsxCheck(file is null or { CanSeek: true } ? file : await SpoolAsync(file, cancellationToken));
    }

    public void Expect(long index, string[] cells)
    {
        if (_zip is not null && !(Next()?.SequenceEqual(cells.Select(Shown)) ?? false))
        {
            throw new PackageRowException(index, $"{PackageLayout.Xlsx} says something else than the entry");
        }
    }

    public void Finish(Findings findings)
    {
        if (_zip is null)
        {
            findings.Note(Check, "there is none");
        }
        else if (Next() is not null)
        {
            findings.Fail(Check, $"{PackageLayout.Xlsx} has more rows than there are entries");
        }
        else
        {
            findings.Pass(Check, "it says what the entries say");
        }
    }

    public async ValueTask DisposeAsync()
    {
        _sheet?.Dispose();
        _part?.Dispose();
        _zip?.Dispose();
        if (_file is not null)
        {
            await _file.DisposeAsync();
        }
    }

    /// <summary>The next row that is no header; null after the last sheet.</summary>
    private string[]? Next()
    {
        while (true)
        {
            if (_sheet is null)
            {
                var entry = _zip!.GetEntry(string.Create(CultureInfo.InvariantCulture, $"xl/worksheets/sheet{++_sheets}.xml"));
                if (entry is null)
                {
                    return null;
                }

                _part = entry.Open();
                _sheet = XmlReader.Create(_part, Settings);
                if (!((Row(_sheet))?.SequenceEqual(ExportRow.Columns.Select(static column => column.Name)) ?? false))
                {
                    throw new FormatException($"{PackageLayout.Xlsx} has other columns");
                }
            }

            if (Row(_sheet) is { } row)
            {
                return row;
            }

            _sheet.Dispose();
            _part!.Dispose();
            (_sheet, _part) = (null, null);
        }
    }

    private static string[]? Row(XmlReader sheet)
    {
        List<string> cells = [];
        while (sheet.Read())
        {
            switch (sheet.NodeType, sheet.LocalName)
            {
                case (XmlNodeType.Element, "c") when cells.Count == ExportRow.Columns.Count:
                    throw new FormatException($"{PackageLayout.Xlsx} has other columns");
                case (XmlNodeType.Element, "c"):
                    cells.Add("");
                    break;
                case (XmlNodeType.Element, "f"):
                    throw new FormatException($"{PackageLayout.Xlsx} holds a formula");
                case (XmlNodeType.Text or XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace, _) when cells.Count > 0:
                    cells[^1] += sheet.Value;
                    break;
                case (XmlNodeType.EndElement, "row"):
                    return [.. cells];
            }
        }

        return null;
    }

    /// <summary>A cell as the file holds it: times as numbers.</summary>
    private static string Shown(string cell, int column) => ExportRow.Columns[column].Kind == ColumnKind.Time && cell.Length > 0 ? XlsxBook.Serial(cell) : cell;

    /// <summary>A file inside a zip can't be jumped about in, and a spreadsheet is a zip itself.</summary>
    private static async Task<Stream> SpoolAsync(Stream file, CancellationToken cancellationToken)
    {
        await using (file)
        {
            var spool = new FileStream(Path.GetTempFileName(), new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.ReadWrite, Options = FileOptions.DeleteOnClose });
            await file.CopyToAsync(spool, cancellationToken);
            spool.Position = 0;
            return spool;
        }
    }
}
