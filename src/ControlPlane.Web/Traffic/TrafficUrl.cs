using ControlPlane.Api.Traffic.Map;
using Microsoft.AspNetCore.WebUtilities;

namespace ControlPlane.Web.Traffic;

/// <summary>What the traffic page shows, as its address says it.</summary>
/// <param name="Request">What of the traffic.</param>
/// <param name="IsTable">As a table rather than a picture.</param>
public sealed record TrafficUrl(TrafficMapRequest Request, bool IsTable)
{
    /// <summary>Path of the page.</summary>
    public const string Page = "/traffic";

    /// <summary>Reads an address; what its words stand for is checked when they are asked for.</summary>
    public static TrafficUrl Read(string uri)
    {
        var query = QueryHelpers.ParseQuery(new Uri(uri).Query);
        string? One(string word) => query.GetValueOrDefault(word) is [{ Length: > 0 } value, ..] ? value : null;
        return new(new TrafficMapRequest { Window = One("window"), Group = One("group"), Focus = One("focus"), Text = One("q") }, One("view") == "table");
    }

    /// <summary>The address, from the root.</summary>
    public string Write() => QueryHelpers.AddQueryString(Page, new Dictionary<string, string?>
    {
        ["view"] = IsTable ? "table" : null,
        ["window"] = Request.Window == TrafficMapRequest.DefaultWindow ? null : Request.Window,
        ["group"] = Request.Group,
        ["focus"] = Request.Focus,
        ["q"] = string.IsNullOrWhiteSpace(Request.Text) ? null : Request.Text,
    }.Where(static word => word.Value is not null));

    /// <summary>The address that narrows the page to a node.</summary>
    public string FocusOn(string? key) => (this with { Request = Request with { Focus = key } }).Write();
}
