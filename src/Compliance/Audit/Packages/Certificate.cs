using System.Globalization;
using Compliance.Audit.Notes;

namespace Compliance.Audit.Packages;

/// <summary>
/// The certificate that goes with an electronic record before an Indian court: Bharatiya Sakshya Adhiniyam 2023, section 63(4)(c) and its Schedule,
/// Parts A and B. What the system knows is filled in; names, dates, times and signatures stay empty, because a person has to vouch for them.
/// </summary>
internal static class Certificate
{
    private const string Blank = "______________________________";

    public static byte[] Write(ExportRequest request, PackageDescription description, IReadOnlyDictionary<string, string> hashes, NoteVerifier log)
    {
        var page = new PdfText($"Certificate for the audit log export of {description.Log}");
        Cover(page, request, description, log);
        page.NewPage();
        PartA(page, request, hashes);
        page.NewPage();
        PartB(page, request, hashes);
        page.NewPage();
        HashReport(page, hashes);
        return page.Save();
    }

    private static void Cover(PdfText page, ExportRequest request, PackageDescription description, NoteVerifier log)
    {
        page.Heading("Audit log export");
        page.Field("Organisation", Or(request.Organisation));
        page.Field("Log", description.Log);
        page.Field("Key of the log", log.ToString());
        page.Field("Entries", Number(description.Count));
        page.Field("First and last index", description.First is null ? "none" : $"{Number(description.First.Value)} to {Number(description.Last!.Value)}");
        page.Field("Proved against", $"signed checkpoint of {Number(description.CheckpointSize)} entries (data/checkpoint)");
        page.Field("Asked for", Describe(description.Query));
        page.Field("Purpose", Or(description.Purpose));
        page.Field("Exported by (id)", description.ExporterId);
        page.Field("Software", $"Dabbawala {description.SoftwareVersion}");
        page.Heading("How to check it");
        page.Paragraph("Run: dabbawala-verify PACKAGE --key KEY, with the key of the log as you got it by another way than this package. It needs no network and "
            + "no access to our systems. Only data/entries.jsonl is evidence, byte for byte; the table files are made from it, for reading.");
        page.Paragraph(description.IsContiguous
            ? "Every entry between the first and the last is in the package: a missing one shows."
            : "The entries were filtered: that each is genuine can be checked, that none was left out can not. Ask for the whole period to check that.");
        page.Paragraph("When and by whom the export was made is itself an entry of the log, after the checkpoint above.");
    }

    private static void PartA(PdfText page, ExportRequest request, IReadOnlyDictionary<string, string> hashes)
    {
        page.Heading("CERTIFICATE");
        page.Paragraph("[See section 63(4)(c), the Bharatiya Sakshya Adhiniyam, 2023]");
        page.Heading("PART A (to be filled by the Party)");
        page.Paragraph($"I, {Blank} (Name), Son/daughter/spouse of {Blank} residing/employed at {Blank} do hereby solemnly affirm and sincerely state and submit as follows:");
        page.Paragraph("I have produced electronic record/output of the digital record taken from the following device/digital record source (tick mark):");
        page.Paragraph("[ ] Computer / Storage Media   [ ] DVR   [ ] Mobile   [ ] Flash Drive   [ ] CD/DVD   [ ] Server   [ ] Cloud   [ ] Other: ____________");
        page.Field("Make, model, serial number, IMEI/UIN/UID/MAC/Cloud ID (as applicable)", Or(request.Device));
        page.Field("Other relevant information about the digital record", $"audit log kept by {Or(request.Organisation)}");
        page.Paragraph("The digital device or the digital record source was under the lawful control for regularly creating, storing or processing information for the purposes "
            + "of carrying out regular activities and during this period, the computer or the communication device was working properly and the relevant information was "
            + "regularly fed into the computer during the ordinary course of business. If the computer/digital device at any point of time was not working properly or out "
            + "of operation, then it has not affected the electronic/digital record or its accuracy. The digital device or the source of the digital record is:");
        page.Paragraph("[ ] Owned   [ ] Maintained   [ ] Managed   [ ] Operated   by me (select as applicable).");
        Hash(page, hashes);
        Signature(page, "Name and signature");
    }

    private static void PartB(PdfText page, ExportRequest request, IReadOnlyDictionary<string, string> hashes)
    {
        page.Heading("PART B (to be filled by the Expert)");
        page.Paragraph($"I, {Blank} (Name), Son/daughter/spouse of {Blank} residing/employed at {Blank} do hereby solemnly affirm and sincerely state and submit as follows:");
        page.Paragraph("The produced electronic record/output of the digital record are obtained from the following device/digital record source (tick mark):");
        page.Paragraph("[ ] Computer / Storage Media   [ ] DVR   [ ] Mobile   [ ] Flash Drive   [ ] CD/DVD   [ ] Server   [ ] Cloud   [ ] Other: ____________");
        page.Field("Make, model, serial number, IMEI/UIN/UID/MAC/Cloud ID (as applicable)", Or(request.Device));
        Hash(page, hashes);
        Signature(page, "Name, designation and signature");
    }

    private static void Hash(PdfText page, IReadOnlyDictionary<string, string> hashes)
    {
        page.Paragraph("I state that the HASH value/s of the electronic/digital record/s is");
        page.Code(hashes[PackageLayout.Entries]);
        page.Paragraph("(data/entries.jsonl), obtained through the following algorithm:");
        page.Paragraph("[ ] SHA1   [x] SHA256   [ ] MD5   [ ] Other: ____________ (Legally acceptable standard)");
        page.Paragraph("(Hash report to be enclosed with the certificate: last page)");
    }

    private static void Signature(PdfText page, string who)
    {
        page.Space();
        page.Field($"({who})", Blank);
        page.Field("Date (DD/MM/YYYY)", "____/____/________");
        page.Field("Time (IST)", "______ hours (in 24 hours format)");
        page.Field("Place", Blank);
    }

    private static void HashReport(PdfText page, IReadOnlyDictionary<string, string> hashes)
    {
        page.Heading("Hash report (SHA-256)");
        foreach (var (path, hash) in hashes.OrderBy(static file => file.Key, StringComparer.Ordinal))
        {
            page.Paragraph(path);
            page.Code(hash);
        }
    }

    private static string Describe(AuditQuery query)
    {
        string?[] parts =
        [
            query.From is { } from ? $"from {InIndia(from)}" : null,
            query.To is { } to ? $"before {InIndia(to)}" : null,
            Part("actor", query.Actor), Part("action", query.Action), Part("kind", query.ObjectKind),
            Part("namespaces", query.Namespaces is null ? null : string.Join(", ", query.Namespaces)), Part("name", query.ObjectName),
            Part("framework", query.Framework), Part("outcome", query.Outcome?.ToString()), Part("source", query.Source), Part("correlation", query.CorrelationId),
        ];
        var text = string.Join("; ", parts.Where(static part => part is not null));
        return text.Length == 0 ? "all entries" : text;
    }

    private static string? Part(string name, string? value) => string.IsNullOrEmpty(value) ? null : $"{name} {value}";

    private static string InIndia(DateTimeOffset time) =>
        time.ToOffset(new TimeSpan(5, 30, 0)).ToString("dd/MM/yyyy HH:mm:ss 'hours IST'", CultureInfo.InvariantCulture);

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Or(string text) => text.Length == 0 ? Blank : text;
}
