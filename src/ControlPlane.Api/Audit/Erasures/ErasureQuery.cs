using System.Globalization;
using Compliance.Audit;
using Compliance.Retention;
using ControlPlane.Api.Access;
using ControlPlane.Api.Audit.Personal;
using ControlPlane.Api.Lists;
using ControlPlane.Api.Live;
using ControlPlane.Api.Problems;

namespace ControlPlane.Api.Audit.Erasures;

/// <summary>Lists certificates of erasure, and tells of a datum that is gone by which request it went.</summary>
public sealed class ErasureQuery(IAuditReader reader, Authorizer authorizer)
{
    private const int MostOfSubject = 1000;

    /// <summary>Tells readers of whom data were erased.</summary>
    public ChangeFeed<string> Changes { get; } = new();

    /// <summary>A page of certificates, the newest first.</summary>
    /// <param name="subject">Of this person only; null for all.</param>
    /// <param name="cursor">Where the page begins.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="AccessException">The caller may not.</exception>
    public async Task<ListPage<ErasureView>> ListAsync(string? subject, string? cursor, int limit, CancellationToken cancellationToken)
    {
        authorizer.Demand(Permissions.ReadRetention);
        if (limit is < 1 or > Paging.LargestPage)
        {
            throw RequestException.BadParameter("limit", $"limit must be from 1 to {Paging.LargestPage}");
        }

        var query = Certificates(subject) with { Outcome = AuditOutcome.Succeeded };
        var entries = await reader.SearchAsync(query, Before(cursor), limit + 1, cancellationToken); // one more tells whether there is a next page
        var next = entries.Count > limit ? entries[limit - 1].Index.ToString(CultureInfo.InvariantCulture) : null;
        var items = entries.Take(limit).Select(ErasureCertificate.Read).OfType<ErasureCertificate>().Select(ErasureView.Of).ToList();
        return new(items, next, await reader.CountAsync(query, AuditSearch.CountedAtMost, cancellationToken));
    }

    /// <summary>How a datum of an entry went: by a request, or because its time was over; null when no certificate tells.</summary>
    internal async Task<DatumErasure?> OfDatumAsync(string subject, long entry, string retentionClass, CancellationToken cancellationToken)
    {
        var entries = await reader.SearchAsync(Certificates(subject) with { Outcome = AuditOutcome.Succeeded }, before: null, MostOfSubject, cancellationToken);
        if (entries.Select(ErasureCertificate.Read).OfType<ErasureCertificate>().LastOrDefault(certificate => certificate.Covers(entry)) is { } request) // the first that did
        {
            return new DatumErasure(request.At, request.Reference, request.Index);
        }

        var query = new AuditQuery { Action = ExpiryCertificate.Action, Source = ErasureCertificate.Source, Outcome = AuditOutcome.Succeeded };
        var expiries = await reader.SearchAsync(query, before: null, MostOfSubject, cancellationToken);
        return expiries.Select(ExpiryCertificate.Read).OfType<ExpiryCertificate>().LastOrDefault(certificate => certificate.Covers(entry, retentionClass)) is { } expiry
            ? new DatumErasure(expiry.At, string.Join(", ", expiry.Rules), expiry.Index, WasAsked: false)
            : null;
    }

    private static AuditQuery Certificates(string? subject) => new()
    {
        Action = ErasureCertificate.Action,
        Source = ErasureCertificate.Source,
        ObjectKind = ErasureCertificate.ObjectKind,
        ObjectName = string.IsNullOrWhiteSpace(subject) ? null : subject.Trim(),
    };

    private static long? Before(string? cursor) => string.IsNullOrEmpty(cursor) ? null
        : long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index
        : throw RequestException.BadParameter("cursor", "cursor is not one that this API gave out");
}
