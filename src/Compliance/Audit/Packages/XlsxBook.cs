using System.Globalization;
using System.IO.Compression;
using System.Text;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Spreadsheet;

namespace Compliance.Audit.Packages;

/// <summary>
/// Writes rows as a spreadsheet (ECMA-376), one at a time. The parts go straight into the zip file: the SDK's own packaging keeps whole parts in memory
/// and stamps them with the time. Text is text, so leading zeros survive and nothing is a formula; times are dates.
/// </summary>
internal sealed class XlsxBook : IDisposable
{
    /// <summary>Rows of a sheet, its header included (Excel's bound); further rows go to further sheets.</summary>
    internal const int RowsPerSheet = 1_048_576;

    private const string Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private const string Relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private const string PackageRelations = "http://schemas.openxmlformats.org/package/2006/relationships";

    private static readonly DateTime Epoch = new(1899, 12, 30, 0, 0, 0, DateTimeKind.Unspecified);
    private static readonly OpenXmlAttribute[] AsText = [new("t", "", "inlineStr")];
    private static readonly OpenXmlAttribute[] AsTime = [new("s", "", "1")];
    private static readonly OpenXmlAttribute[] KeepSpace = [new("xml", "space", "http://www.w3.org/XML/1998/namespace", "preserve")];

    // Only their names are written: a million rows need no seventy million of them.
    private static readonly Row Line = new();
    private static readonly Cell AnyCell = new();
    private static readonly InlineString Inline = new();
    private static readonly Text Words = new();
    private static readonly CellValue Value = new();

    private readonly ZipArchive _zip;
    private readonly int _rowsPerSheet;
    private Stream? _part;
    private OpenXmlWriter? _sheet;
    private int _sheets;
    private int _rows;

    public XlsxBook(Stream stream, int rowsPerSheet = RowsPerSheet)
    {
        _zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        _rowsPerSheet = rowsPerSheet;
        BeginSheet();
    }

    public void Add(string[] cells)
    {
        if (_rows == _rowsPerSheet)
        {
            EndSheet();
            BeginSheet();
        }

        Write(cells, static column => ExportRow.Columns[column].Kind);
    }

    public void Finish()
    {
        EndSheet();
        var sheets = Enumerable.Range(1, _sheets).ToArray();
        Part("xl/workbook.xml", $"""<workbook xmlns="{Main}" xmlns:r="{Relations}"><sheets>{Each(sheets, static n => $"""<sheet name="Entries {n}" sheetId="{n}" r:id="rId{n}"/>""")}</sheets></workbook>""");
        Part("xl/_rels/workbook.xml.rels", $"""<Relationships xmlns="{PackageRelations}">{Each(sheets, static n => $"""<Relationship Id="rId{n}" Type="{Relations}/worksheet" Target="worksheets/sheet{n}.xml"/>""")}<Relationship Id="rIdStyles" Type="{Relations}/styles" Target="styles.xml"/></Relationships>""");
        Part("xl/styles.xml", $"""
            <styleSheet xmlns="{Main}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\-mm\-dd\ hh:mm:ss.000"/></numFmts><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs></styleSheet>
            """);
        Part("_rels/.rels", $"""<Relationships xmlns="{PackageRelations}"><Relationship Id="rId1" Type="{Relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>""");
        const string Types = "application/vnd.openxmlformats-officedocument.spreadsheetml";
        Part("[Content_Types].xml", $"""<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="{Types}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="{Types}.styles+xml"/>{Each(sheets, static n => $"""<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{Types}.worksheet+xml"/>""")}</Types>""");
    }

    public void Dispose()
    {
        _sheet?.Dispose();
        _part?.Dispose();
        _zip.Dispose();
    }

    /// <summary>Time as a spreadsheet counts it: days since the end of 1899.</summary>
    internal static string Serial(string time) =>
        (DateTime.ParseExact(time, ExportRow.TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.None) - Epoch).TotalDays.ToString("R", CultureInfo.InvariantCulture);

    private void BeginSheet()
    {
        _part = Open(string.Create(CultureInfo.InvariantCulture, $"xl/worksheets/sheet{++_sheets}.xml"));
        _sheet = OpenXmlWriter.Create(_part, Encoding.UTF8);
        _rows = 0;
        _sheet.WriteStartDocument();
        _sheet.WriteStartElement(new Worksheet());
        _sheet.WriteElement(new SheetViews(new SheetView(new Pane { VerticalSplit = 1, TopLeftCell = "A2", ActivePane = PaneValues.BottomLeft, State = PaneStateValues.Frozen }) { WorkbookViewId = 0 }));
        _sheet.WriteStartElement(new SheetData());
        Write([.. ExportRow.Columns.Select(static column => column.Name)], static _ => ColumnKind.Text);
    }

    private void EndSheet()
    {
        _sheet!.WriteEndElement();
        _sheet.WriteEndElement();
        _sheet.Dispose();
        _part!.Dispose();
        (_sheet, _part) = (null, null);
    }

    private void Write(string[] cells, Func<int, ColumnKind> kindOf)
    {
        _rows++;
        _sheet!.WriteStartElement(Line);
        for (var column = 0; column < cells.Length; column++)
        {
            WriteCell(cells[column], kindOf(column));
        }

        _sheet.WriteEndElement();
    }

    private void WriteCell(string text, ColumnKind kind)
    {
        if (text.Length == 0)
        {
            _sheet!.WriteElement(AnyCell);
            return;
        }

        if (kind == ColumnKind.Text)
        {
            _sheet!.WriteStartElement(AnyCell, AsText);
            _sheet.WriteStartElement(Inline);
            _sheet.WriteStartElement(Words, KeepSpace);
            _sheet.WriteString(text);
            _sheet.WriteEndElement();
            _sheet.WriteEndElement();
        }
        else
        {
            _sheet!.WriteStartElement(AnyCell, kind == ColumnKind.Time ? AsTime : []);
            _sheet.WriteStartElement(Value);
            _sheet.WriteString(kind == ColumnKind.Time ? Serial(text) : text);
            _sheet.WriteEndElement();
        }

        _sheet.WriteEndElement();
    }

    private void Part(string path, string xml)
    {
        using var part = Open(path);
        part.Write(Encoding.UTF8.GetBytes("""<?xml version="1.0" encoding="utf-8"?>""" + xml));
    }

    private Stream Open(string path)
    {
        var entry = _zip.CreateEntry(path, CompressionLevel.Fastest);
        entry.LastWriteTime = PackageArchive.NoTime;
        entry.ExternalAttributes = 0;
        return entry.Open();
    }

    private static string Each(int[] numbers, Func<int, string> text) => string.Concat(numbers.Select(text));
}
