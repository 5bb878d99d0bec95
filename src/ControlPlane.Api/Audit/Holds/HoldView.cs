using System.Text.Json.Nodes;
using Compliance.Audit;
using Compliance.Retention;
using ControlPlane.Api.Problems;
using ControlPlane.Kubernetes.Manifests;

namespace ControlPlane.Api.Audit.Holds;

/// <summary>Which entries a hold keeps. What is null does not narrow; a hold that nothing narrows keeps the whole log.</summary>
/// <param name="Namespace">Those about objects of this namespace.</param>
/// <param name="Service">Those about objects of this name; with the namespace a service, and what belongs to it under its name.</param>
/// <param name="Actor">Those of this actor, by id.</param>
/// <param name="Framework">Those that this framework wants: RBI, GST, CERT-In, DPDP or PCI-DSS.</param>
/// <param name="From">Recorded at or after this instant (RFC 3339; a date is one of India).</param>
/// <param name="To">Recorded before this instant.</param>
public sealed record HoldScope(string? Namespace = null, string? Service = null, string? Actor = null, string? Framework = null, string? From = null, string? To = null)
{
    /// <summary>The entries, as a query.</summary>
    /// <exception cref="RequestException">A field has a value that it can't have.</exception>
    internal AuditQuery ToQuery()
    {
        var query = new AuditQuery
        {
            Namespaces = Text(Namespace) is { } ns ? [ns] : null,
            ObjectName = Text(Service),
            Actor = Text(Actor),
            Framework = Text(Framework) is { } framework ? Frameworks.Named("scope.framework", framework) : null,
            From = Instant.Read("scope.from", From),
            To = Instant.Read("scope.to", To),
        };
        return query.To <= query.From ? throw RequestException.BadParameter("scope.to", "the period ends before it begins") : query;
    }

    internal static HoldScope Of(AuditQuery query) => new(
        query.Namespaces?.FirstOrDefault(),
        query.ObjectName,
        query.Actor,
        query.Framework,
        query.From is { } from ? Instant.Write(from) : null,
        query.To is { } to ? Instant.Write(to) : null);

    private static string? Text(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}

/// <summary>A legal hold that somebody wants to place.</summary>
/// <param name="Scope">Which entries it is to keep; one without narrowing, which must be there all the same, for the whole log.</param>
/// <param name="Reference">What it is for elsewhere: a case or file number, without personal data.</param>
/// <param name="Reason">Why.</param>
public sealed record HoldDraft(HoldScope? Scope, string? Reference, string? Reason);

/// <summary>A legal hold, as people see it.</summary>
/// <param name="Id">Its name here.</param>
/// <param name="Reference">What it is for elsewhere.</param>
/// <param name="Reason">Why it was placed.</param>
/// <param name="Scope">Which entries it keeps.</param>
/// <param name="PlacedAt">When (UTC).</param>
/// <param name="PlacedBy">Opaque id of who placed it.</param>
/// <param name="Entry">Index of the entry of the log that it is.</param>
/// <param name="Release">How it ended; null while it stands.</param>
public sealed record HoldView(
    string Id, string Reference, string Reason, HoldScope Scope, DateTimeOffset PlacedAt, string PlacedBy, long Entry, HoldReleaseView? Release)
{
    /// <summary>True while it keeps anything.</summary>
    public bool Stands => Release is null;

    internal static HoldView Of(LegalHold hold) => new(
        hold.Id,
        hold.Reference,
        hold.Reason,
        HoldScope.Of(hold.Scope),
        hold.PlacedAt,
        hold.PlacedBy,
        hold.Index,
        hold.Release is { } release ? new(release.At, release.By, release.ApprovedBy, release.Reason, release.Index) : null);

    /// <summary>For the eyes of whoever approves what is done to it.</summary>
    internal static string Describe(string reference, AuditQuery scope)
    {
        var words = HoldScope.Of(scope);
        var narrowed = new JsonObject();
        foreach (var (name, value) in ((string, string?)[])[("namespace", words.Namespace), ("service", words.Service), ("actor", words.Actor), ("framework", words.Framework), ("from", words.From), ("to", words.To)])
        {
            if (value is not null)
            {
                narrowed[name] = value;
            }
        }

        return ManifestWriter.ToYaml(new JsonObject { ["reference"] = reference, ["keeps"] = narrowed.Count == 0 ? "the whole log" : narrowed });
    }
}

/// <summary>How a hold ended.</summary>
/// <param name="At">When (UTC).</param>
/// <param name="By">Opaque id of who asked for it.</param>
/// <param name="ApprovedBy">Opaque id of who approved it; null when nobody had to.</param>
/// <param name="Reason">Why.</param>
/// <param name="Entry">Index of the entry of the log that released it.</param>
public sealed record HoldReleaseView(DateTimeOffset At, string By, string? ApprovedBy, string Reason, long Entry);
