using System.Net;
using Compliance.Audit;
using Compliance.Retention;
using ControlPlane.Api.Access;
using ControlPlane.Api.Lists;
using ControlPlane.Api.Problems;

namespace ControlPlane.Api.Audit.Holds;

/// <summary>Which holds a list shows, and in which order.</summary>
/// <param name="Standing">True for those that stand, false for those that were released; null for all.</param>
/// <param name="Text">Text that reference, reason or scope contain; null for any.</param>
/// <param name="Sort"><c>placed</c> or <c>reference</c>; with a minus in front the other way round.</param>
public sealed record HoldFilter(bool? Standing = null, string? Text = null, string Sort = "-placed");

/// <summary>Lists legal holds, as the log's own entries tell them.</summary>
public sealed class HoldQuery(RetentionLedger ledger, Authorizer authorizer)
{
    /// <summary>A page of holds.</summary>
    /// <exception cref="AccessException">The caller may not.</exception>
    /// <exception cref="AuditUnavailableException">The log's store is away.</exception>
    public async Task<ListPage<HoldView>> ListAsync(HoldFilter filter, string? cursor, int limit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        authorizer.Demand(Permissions.ReadRetention);
        var holds = (await ledger.ReadAsync(cancellationToken)).Holds.Select(HoldView.Of)
            .Where(hold => (filter.Standing is null || filter.Standing == hold.Stands) && Contains(hold, filter.Text?.Trim()));
        return Sorted(holds, filter.Sort).ToList().Page(cursor, limit);
    }

    /// <summary>One hold.</summary>
    /// <exception cref="AccessException">The caller may not.</exception>
    /// <exception cref="RequestException">There is none of that name.</exception>
    public async Task<HoldView> FindAsync(string id, CancellationToken cancellationToken)
    {
        authorizer.Demand(Permissions.ReadRetention);
        return HoldView.Of(await HoldAsync(id, cancellationToken));
    }

    internal async Task<LegalHold> HoldAsync(string id, CancellationToken cancellationToken) =>
        (await ledger.ReadAsync(cancellationToken)).Holds.FirstOrDefault(hold => hold.Id == id)
        ?? throw new RequestException(HttpStatusCode.NotFound, "id", $"there is no legal hold {id}");

    private static bool Contains(HoldView hold, string? text) => string.IsNullOrEmpty(text)
        || ((string?[])[hold.Id, hold.Reference, hold.Reason, hold.Scope.Namespace, hold.Scope.Service, hold.Scope.Actor, hold.Scope.Framework])
            .Any(part => part?.Contains(text, StringComparison.OrdinalIgnoreCase) == true);

    private static IEnumerable<HoldView> Sorted(IEnumerable<HoldView> holds, string sort) => sort switch
    {
        "placed" => holds.OrderBy(hold => hold.Entry),
        "-placed" => holds.OrderByDescending(hold => hold.Entry),
        "reference" => holds.OrderBy(hold => hold.Reference, StringComparer.OrdinalIgnoreCase).ThenBy(hold => hold.Entry),
        "-reference" => holds.OrderByDescending(hold => hold.Reference, StringComparer.OrdinalIgnoreCase).ThenBy(hold => hold.Entry),
        _ => throw RequestException.BadParameter("sort", "sort is one of placed, reference; with a minus in front descending"),
    };
}
