using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace ControlPlane.Api.Rollouts.Cost;

/// <summary>
/// What compute costs, as the operator of the control plane says. Configuration data: section <c>Cost:Prices</c>. There is no default: a price that nobody
/// stated would be an invention.
/// </summary>
/// <param name="CpuCoreHour">Rupees for one CPU core requested for an hour.</param>
/// <param name="MemoryGibHour">Rupees for one GiB (2^30 bytes) of memory requested for an hour.</param>
/// <param name="Source">Where the prices come from, for people.</param>
/// <param name="AsOf">Of which day they are.</param>
public sealed record ResourcePrices(decimal CpuCoreHour, decimal MemoryGibHour, string Source, DateOnly AsOf)
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Cost:Prices";

    /// <summary>Reads them; null where none are configured.</summary>
    /// <exception cref="InvalidOperationException">A value is missing or can't be what it is; the message names it.</exception>
    public static ResourcePrices? Read(IConfiguration? configuration)
    {
        if (configuration?.GetSection(Section) is not { } section || !section.Exists())
        {
            return null;
        }

        return new(
            Price(section, nameof(CpuCoreHour)),
            Price(section, nameof(MemoryGibHour)),
            section[nameof(Source)] is { Length: > 0 } source ? source : throw Unfit(section, nameof(Source), "must say where the prices come from"),
            DateOnly.TryParseExact(section[nameof(AsOf)], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : throw Unfit(section, nameof(AsOf), "must be a day, such as 2026-11-28"));
    }

    private static decimal Price(IConfigurationSection section, string name) =>
        decimal.TryParse(section[name], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var price) ? price : throw Unfit(section, name, "must be rupees an hour, such as 4.15");

    private static InvalidOperationException Unfit(IConfigurationSection section, string name, string what) => new($"{section.Path}:{name} {what}");
}
