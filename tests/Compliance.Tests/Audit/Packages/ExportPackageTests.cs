using System.Text;
using Compliance.Audit;
using Compliance.Audit.Notes;
using Compliance.Audit.Packages;
using Compliance.Audit.Testing;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using DocumentFormat.OpenXml.Validation;

namespace Compliance.Tests.Audit.Packages;

public sealed class ExportPackageTests : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("dabbawala-package").FullName;
    private readonly MemoryLog _log = MemoryLog.Of(600, static i => MemoryLog.Entry(i, reason: i == 1 ? "=HYPERLINK(\\\"http://x\\\")" : i == 2 ? "a, \\\"b\\\"\\nc" : "routine"));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_same_request_over_the_same_checkpoint_gives_the_same_bytes()
    {
        var request = Request() with { Checkpoint = _log.Checkpoint };
        var first = await ArchiveAsync("first", request);
        _log.Add(MemoryLog.Entry(600)); // what happens after the checkpoint does not matter
        _log.Sign();

        Assert.Equal(first, await ArchiveAsync("second", request));
    }

    [Fact]
    public async Task An_export_that_broke_off_goes_on_with_its_checkpoint()
    {
        using var broken = new CancellationTokenSource();
        var stop = new Stop(broken, "data/entries.csv");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ExportPackageWriter.WriteAsync(Request(), _log, Keys, At("broken"), stop, broken.Token));
        var lines = File.GetLastWriteTimeUtc(Path.Combine(At("broken"), "data", "entries.jsonl"));
        var whole = await ArchiveAsync("whole", Request() with { Checkpoint = _log.Checkpoint });
        _log.Add(MemoryLog.Entry(600));
        _log.Sign();

        Assert.Equal(whole, await ArchiveAsync("broken", Request()));
        Assert.Equal(lines, File.GetLastWriteTimeUtc(Path.Combine(At("broken"), "data", "entries.jsonl")));
    }

    [Fact]
    public async Task Another_request_into_the_same_folder_starts_anew()
    {
        await ArchiveAsync("one", Request());

        Assert.Equal(await ArchiveAsync("fresh", Request() with { Purpose = "other" }), await ArchiveAsync("one", Request() with { Purpose = "other" }));
    }

    [Fact]
    public async Task Lines_are_the_exact_bytes_of_the_entries()
    {
        await ArchiveAsync("package", Request() with { From = 100, End = 200 });

        var lines = await File.ReadAllLinesAsync(Path.Combine(At("package"), "data", "entries.jsonl"), Cancellation);

        Assert.Equal(Enumerable.Range(100, 100).Select(i => Encoding.UTF8.GetString(_log.Bytes(i))), lines);
    }

    [Fact]
    public async Task Nothing_in_the_CSV_runs_as_a_formula_and_quotes_survive()
    {
        await ArchiveAsync("package", Request());
        var csv = await File.ReadAllTextAsync(Path.Combine(At("package"), "data", "entries.csv"), Cancellation);

        Assert.Contains(",\"'=HYPERLINK(\"\"http://x\"\")\",", csv, StringComparison.Ordinal);
        Assert.Contains(",\"a, \"\"b\"\"\nc\",", csv, StringComparison.Ordinal);
        Assert.Equal(601, csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.StartsWith("index,recorded_at_utc,recorded_at_ist,", csv, StringComparison.Ordinal);
        Assert.Contains("\r\n0,2026-11-27T00:00:00.000,2026-11-27T05:30:00.000,", csv, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("=1", "'=1")]
    [InlineData("+1", "'+1")]
    [InlineData("-1", "'-1")]
    [InlineData("@x", "'@x")]
    [InlineData("\tx", "'\tx")]
    [InlineData("plain", "plain")]
    [InlineData("007", "007")]
    public void Texts_that_begin_like_a_formula_are_defused(string text, string written)
    {
        var cells = new string[ExportRow.Columns.Count];
        Array.Fill(cells, "");
        cells[5] = text;

        Assert.Equal($",,,,,{written}", Encoding.UTF8.GetString(CsvTable.Row(cells)).TrimEnd('\r', '\n', ','));
    }

    [Fact]
    public async Task The_spreadsheet_is_valid_with_text_as_text_and_times_as_dates()
    {
        await ArchiveAsync("package", Request());

        using var book = SpreadsheetDocument.Open(Path.Combine(At("package"), "data", "entries.xlsx"), isEditable: false);
        Assert.Empty(new OpenXmlValidator().Validate(book, Cancellation).Select(error => $"{error.Path?.XPath}: {error.Description}"));
        var rows = book.WorkbookPart!.WorksheetParts.Single().Worksheet!.Descendants<Row>().ToList();
        Assert.Equal(601, rows.Count);
        var cells = rows[2].Elements<Cell>().ToList();
        Assert.Equal("=HYPERLINK(\"http://x\")", cells[15].InnerText);
        Assert.Equal(CellValues.InlineString, cells[15].DataType!.Value);
        Assert.Equal(new DateTime(2026, 11, 27, 5, 30, 1, DateTimeKind.Unspecified), DateTime.FromOADate(double.Parse(cells[2].InnerText, System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Empty(book.WorkbookPart.WorksheetParts.Single().Worksheet!.Descendants<CellFormula>());
    }

    [Fact]
    public void Rows_beyond_a_sheets_bound_go_to_the_next_sheet()
    {
        using var stream = new MemoryStream();
        using (var book = new XlsxBook(stream, rowsPerSheet: 3))
        {
            for (var i = 0; i < 5; i++)
            {
                book.Add(ExportRow.Of(i, _log.Bytes(i), TreeHash.OfLeaf(_log.Bytes(i))));
            }

            book.Finish();
        }

        using var read = SpreadsheetDocument.Open(stream, isEditable: false);
        Assert.Equal(["Entries 1", "Entries 2", "Entries 3"], read.WorkbookPart!.Workbook!.Descendants<Sheet>().Select(sheet => sheet.Name!.Value));
        Assert.Empty(new OpenXmlValidator().Validate(read, Cancellation).Select(error => error.Description));
    }

    [Fact]
    public async Task The_certificate_names_the_hash_and_leaves_the_signature_to_a_person()
    {
        var summary = await WriteAsync("package", Request());
        var path = Path.Combine(At("package"), "data", "certificate.pdf");
        var text = Encoding.Latin1.GetString(await File.ReadAllBytesAsync(path, Cancellation));
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(At("package"), "data", "entries.jsonl"), Cancellation)));

        AssertIsPdf(text);
        Assert.Contains(hash, text, StringComparison.Ordinal);
        Assert.Contains("PART A", text, StringComparison.Ordinal);
        Assert.Contains("PART B", text, StringComparison.Ordinal);
        Assert.Contains("in 24 hours format", text, StringComparison.Ordinal);
        Assert.Equal(600, summary.Description.Count);
    }

    [Fact]
    public async Task A_checkpoint_of_another_log_is_refused()
    {
        var stranger = NoteSigner.Generate(MemoryLog.Origin);

        await Assert.ThrowsAsync<NoteException>(() => WriteAsync("package", Request() with { Checkpoint = _log.SignAt(10, stranger) }));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => WriteAsync("package", Request() with { Checkpoint = _log.SignAt(10), End = 11 }));
        _log.Checkpoint = null;
        await Assert.ThrowsAsync<NoteException>(() => WriteAsync("package", Request()));
    }

    [Fact]
    public void What_is_signed_is_the_example_of_the_specification() => Assert.Equal(
        "DSSEv1 29 http://example.com/HelloWorld 11 hello world",
        Encoding.UTF8.GetString(DsseEnvelope.PreAuthentication("http://example.com/HelloWorld", "hello world"u8.ToArray())));

    [Theory]
    [InlineData("../outside")]
    [InlineData("/etc/passwd")]
    [InlineData("data\\x")]
    [InlineData("C:x")]
    public void A_manifest_names_nothing_outside_the_package(string path) =>
        Assert.Throws<FormatException>(() => BagManifest.Read(Encoding.UTF8.GetBytes($"{new string('0', 64)}  {path}\n")));

    /// <summary>Each object is where the table of the file says, and the table where its end says (ISO 32000-1 section 7.5).</summary>
    private static void AssertIsPdf(string text)
    {
        Assert.StartsWith("%PDF-1.4\n", text, StringComparison.Ordinal);
        var table = int.Parse(text[(text.LastIndexOf("startxref\n", StringComparison.Ordinal) + 10)..text.LastIndexOf("\n%%EOF", StringComparison.Ordinal)], System.Globalization.CultureInfo.InvariantCulture);
        var lines = text[table..].Split('\n');
        Assert.Equal("xref", lines[0]);
        var objects = int.Parse(lines[1].Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
        for (var i = 1; i < objects; i++)
        {
            Assert.StartsWith($"{i} 0 obj\n", text[int.Parse(lines[i + 2][..10], System.Globalization.CultureInfo.InvariantCulture)..], StringComparison.Ordinal);
        }
    }

    public void Dispose() => Directory.Delete(_home, recursive: true);

    private static ExportKeys Keys => new(MemoryLog.Key, []);

    private static ExportRequest Request() => new() { Query = new AuditQuery(), ExporterId = "u-1", SoftwareVersion = "0.1.0", Organisation = "Example Stores (India)" };

    private string At(string name) => Path.Combine(_home, name);

    private Task<ExportSummary> WriteAsync(string name, ExportRequest request) => ExportPackageWriter.WriteAsync(request, _log, Keys, At(name), progress: null, Cancellation);

    private async Task<byte[]> ArchiveAsync(string name, ExportRequest request)
    {
        await WriteAsync(name, request);
        using var bytes = new MemoryStream();
        await PackageArchive.WriteAsync(At(name), bytes, Cancellation);
        return bytes.ToArray();
    }

    /// <summary>Breaks off when a part is reported; reports come on this thread.</summary>
    private sealed class Stop(CancellationTokenSource source, string part) : IProgress<ExportProgress>
    {
        public void Report(ExportProgress value)
        {
            if (value.Part == part)
            {
                source.Cancel();
            }
        }
    }
}
