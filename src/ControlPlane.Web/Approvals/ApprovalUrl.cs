using ControlPlane.Api.Approvals;
using Microsoft.AspNetCore.WebUtilities;

namespace ControlPlane.Web.Approvals;

/// <summary>What the approvals page shows, as its address says it.</summary>
/// <param name="Decided">True for what was decided, false for what waits.</param>
/// <param name="Mine">Only what the caller asked for.</param>
/// <param name="Request">The one that is open; null for none.</param>
internal sealed record ApprovalUrl(bool Decided = false, bool Mine = false, Guid? Request = null)
{
    private const string DecidedWord = "decided";

    /// <summary>The list that it means.</summary>
    public ApprovalFilter Filter => new(Waiting: !Decided, Mine);

    /// <summary>Address of one request, whatever became of it.</summary>
    public static string Of(Guid request) => QueryHelpers.AddQueryString("/approvals", "request", request.ToString());

    /// <summary>Reads an address. A word that it can't have means nothing.</summary>
    public static ApprovalUrl Read(string uri)
    {
        var query = QueryHelpers.ParseQuery(new Uri(uri).Query);
        return new(
            query.GetValueOrDefault("state") == DecidedWord,
            query.GetValueOrDefault("mine") == "true",
            Guid.TryParse(query.GetValueOrDefault("request"), out var request) ? request : null);
    }

    /// <summary>The address, from the root.</summary>
    public string Write() => QueryHelpers.AddQueryString("/approvals", new Dictionary<string, string?>
    {
        ["state"] = Decided ? DecidedWord : null,
        ["mine"] = Mine ? "true" : null,
        ["request"] = Request?.ToString(),
    }.Where(word => word.Value is not null));
}
