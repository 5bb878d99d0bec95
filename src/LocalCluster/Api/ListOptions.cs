using System.Globalization;
using LocalCluster.Errors;
using LocalCluster.Schemas;
using LocalCluster.Selectors;

namespace LocalCluster.Api;

/// <summary>The options of a list or watch.</summary>
internal sealed record ListOptions
{
    /// <summary>Which objects are wanted.</summary>
    public required ObjectSelector Selector { get; init; }

    /// <summary>Objects per page; 0 for all.</summary>
    public long Limit { get; init; }

    /// <summary>Where the last page ended; empty for the first.</summary>
    public string Continue { get; init; } = "";

    /// <summary>Revision that the client knows; null when it did not say, 0 for any.</summary>
    public long? ResourceVersion { get; init; }

    /// <summary>How that revision is meant: <c>Exact</c>, <c>NotOlderThan</c> or empty.</summary>
    public string ResourceVersionMatch { get; init; } = "";

    /// <summary>Whether a watch begins with what exists; null when the client did not say.</summary>
    public bool? SendInitialEvents { get; init; }

    /// <summary>True when a watch may be told how far it has come without a change.</summary>
    public bool AllowBookmarks { get; init; }

    /// <summary>Seconds after which a watch ends; null for the server's choice.</summary>
    public long? TimeoutSeconds { get; init; }

    /// <summary>Reads the query.</summary>
    /// <exception cref="StatusException">400 or 422: an option is malformed.</exception>
    public static ListOptions Read(ResourceRequest request, bool watch)
    {
        var version = request.Query("resourceVersion");
        var options = new ListOptions
        {
            Selector = ReadSelector(request),
            Limit = request.Number("limit") ?? 0,
            Continue = request.Query("continue"),
            ResourceVersion = version.Length == 0 ? null : ReadVersion(version),
            ResourceVersionMatch = request.Query("resourceVersionMatch"),
            SendInitialEvents = request.OptionalFlag("sendInitialEvents"),
            AllowBookmarks = request.Flag("allowWatchBookmarks"),
            TimeoutSeconds = request.Number("timeoutSeconds"),
        };
        var errors = (watch ? options.ValidateWatch() : options.ValidateList()).ToList();
        return errors.Count == 0 ? options : throw StatusErrors.Invalid("meta.k8s.io", "ListOptions", "", errors);
    }

    private IEnumerable<FieldError> ValidateList()
    {
        if (SendInitialEvents is not null)
        {
            yield return FieldError.Forbidden("sendInitialEvents", "sendInitialEvents is forbidden for list");
        }

        if (ResourceVersionMatch.Length == 0)
        {
            yield break;
        }

        if (ResourceVersion is null)
        {
            yield return FieldError.Forbidden("resourceVersionMatch", "resourceVersionMatch is forbidden unless resourceVersion is provided");
        }

        if (Continue.Length > 0)
        {
            yield return FieldError.Forbidden("resourceVersionMatch", "resourceVersionMatch is forbidden when continue is provided");
        }

        if (ResourceVersionMatch is not ("Exact" or "NotOlderThan"))
        {
            yield return FieldError.NotSupported("resourceVersionMatch", ResourceVersionMatch, ["Exact", "NotOlderThan", ""]);
        }

        if (ResourceVersionMatch == "Exact" && ResourceVersion == 0)
        {
            yield return FieldError.Forbidden("resourceVersionMatch", "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"");
        }
    }

    private IEnumerable<FieldError> ValidateWatch()
    {
        if (SendInitialEvents is not null && ResourceVersionMatch != "NotOlderThan")
        {
            yield return FieldError.Forbidden(
                "resourceVersionMatch", "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
        }

        if (ResourceVersionMatch.Length > 0 && SendInitialEvents is null)
        {
            yield return FieldError.Forbidden(
                "resourceVersionMatch", "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided");
        }
    }

    private static long ReadVersion(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version
            : throw StatusErrors.Invalid(
                "meta.k8s.io", "ListOptions", "", [FieldError.Invalid("resourceVersion", text, "must be a number that the server returned")]);

    private static ObjectSelector ReadSelector(ResourceRequest request)
    {
        try
        {
            var fields = FieldSelector.Parse(request.Query("fieldSelector"), request.Resource.SelectableField);

            // Watching one object is watching a collection in which only it is selected.
            if (request.Path.Name.Length > 0)
            {
                fields = FieldSelector.Parse($"metadata.name={request.Path.Name}", request.Resource.SelectableField);
            }

            return new ObjectSelector(request.Path.Namespace, LabelSelector.Parse(request.Query("labelSelector")), fields);
        }
        catch (FormatException e)
        {
            throw StatusErrors.BadRequest(e.Message);
        }
    }
}
