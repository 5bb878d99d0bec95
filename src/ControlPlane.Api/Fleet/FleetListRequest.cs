using System.ComponentModel;
using System.Text;
using System.Text.Json;
using ControlPlane.Api.Problems;
using ControlPlane.Kubernetes.Resources;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;

namespace ControlPlane.Api.Fleet;

/// <summary>Query parameters of the list of services. The console's address bar uses the same words.</summary>
public sealed record FleetListRequest
{
    /// <summary>Text that name, team or bounded context contain.</summary>
    [FromQuery(Name = "q")]
    [Description("Words that name, display name, team, namespace or bounded context must contain.")]
    public string? Text { get; init; }

    /// <summary>Namespaces.</summary>
    [FromQuery(Name = "namespace")]
    public string[]? Namespaces { get; init; }

    /// <summary>Teams.</summary>
    [FromQuery(Name = "team")]
    public string[]? Teams { get; init; }

    /// <summary>Tiers.</summary>
    [FromQuery(Name = "tier")]
    public string[]? Tiers { get; init; }

    /// <summary>Healths.</summary>
    [FromQuery(Name = "health")]
    public string[]? Healths { get; init; }

    /// <summary>Only services whose owned fields somebody else changed.</summary>
    [FromQuery(Name = "drifted")]
    public bool? Drifted { get; init; }

    /// <summary>Order; with a minus in front the other way round.</summary>
    [FromQuery(Name = "sort")]
    [Description("namespace, name, health, team, tier, version, instances, repairs or created; with a minus in front descending.")]
    public string? Sort { get; init; }

    /// <summary>Largest number of items, 1 to 500. Default 50.</summary>
    [FromQuery(Name = "limit")]
    public int? Limit { get; init; }

    /// <summary>Where the page begins.</summary>
    [FromQuery(Name = "cursor")]
    public string? Cursor { get; init; }

    /// <summary>The request as a filter.</summary>
    /// <exception cref="RequestException">A parameter has a value that is none of those it may have.</exception>
    public FleetFilter ToFilter()
    {
        var descending = Sort?.StartsWith('-') == true;
        return new FleetFilter
        {
            Text = Text,
            Namespaces = Namespaces ?? [],
            Teams = Teams ?? [],
            Tiers = [.. (Tiers ?? []).Select(tier => EnumParameter.Parse<ServiceTier>("tier", tier))],
            Healths = [.. (Healths ?? []).Select(health => EnumParameter.Parse<ServiceHealth>("health", health))],
            Drifted = Drifted ?? false,
            Sort = Sort is null ? FleetSort.Namespace : EnumParameter.Parse<FleetSort>("sort", Sort.TrimStart('-')),
            Descending = descending,
        };
    }
}

/// <summary>Says where a page of services begins: after the one that was last on the page before, as it was then.</summary>
internal static class Cursor
{
    public static string Write(ServiceSummary last) => WebEncoders.Base64UrlEncode(JsonSerializer.SerializeToUtf8Bytes(last, KubeJson.Options));

    public static ServiceSummary Read(string cursor)
    {
        try
        {
            return JsonSerializer.Deserialize<ServiceSummary>(Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode(cursor)), KubeJson.Options)
                ?? throw new JsonException();
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            throw RequestException.BadParameter("cursor", "cursor is not one that this API gave out");
        }
    }
}
