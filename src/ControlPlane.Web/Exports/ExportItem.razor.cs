using System.Globalization;
using ControlPlane.Api.Audit.Exports;
using ControlPlane.Api.Audit.Verification;
using ControlPlane.Web.Formatting;
using Microsoft.AspNetCore.Components;

namespace ControlPlane.Web.Exports;

/// <summary>One export: how far it is, what came of it, and how an auditor verifies it.</summary>
public sealed partial class ExportItem
{
    private const string FirstPart = "data/entries.jsonl";

    /// <summary>The export.</summary>
    [Parameter, EditorRequired]
    public ExportJob Job { get; set; } = null!;

    /// <summary>Told when it is to be called off, or its file removed.</summary>
    [Parameter]
    public EventCallback Removed { get; set; }

    [Inject]
    private AuditKeys Keys { get; set; } = null!;

    private string Narrowing => string.Join(", ", ((string?[])[Job.Framework, Job.Namespace is null ? null : $"namespace {Job.Namespace}", Job.Service is null ? null : $"service {Job.Service}", Job.Actor is null ? null : $"actor {Job.Actor}"])
        .OfType<string>().DefaultIfEmpty("all entries"));

    /// <summary>The entries are half of the work, each of the tables a quarter; null while nobody knows how many there are.</summary>
    private string? Progress => Job switch
    {
        { Entries: not > 0 } => null,
        { Part: FirstPart } => Part(0, 0.5),
        { Part: "data/entries.csv" } => Part(0.5, 0.25),
        _ => Part(0.75, 0.25),
    };

    private string Doing => Job switch
    {
        { Part: null } => "It begins",
        { Entries: { } entries } => $"{Job.Part}: {IndianNumber.Count(Job.Rows)} of {IndianNumber.Of(entries, "row")}",
        _ => $"{Job.Part}: {IndianNumber.Of(Job.Rows, "row")}",
    };

    private string FileLength => Job.Bytes switch
    {
        null => "",
        < 1_000_000 => $"{IndianNumber.Count((long)Math.Ceiling(Job.Bytes.Value / 1000.0))} kB",
        { } bytes => $"{IndianNumber.Count((long)Math.Ceiling(bytes / 1_000_000.0))} MB",
    };

    private string Part(double from, double part) => (from + (part * Job.Rows / Job.Entries!.Value)).ToString("0.###", CultureInfo.InvariantCulture);
}
