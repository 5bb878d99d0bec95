namespace ControlPlane.Api.Rollouts.Cost;

/// <summary>What the canary has cost so far.</summary>
/// <param name="Amount">Rupees; null when no prices are configured, or no instance says what it requests.</param>
/// <param name="Instances">Instances of the canary that are counted: those that are there now.</param>
/// <param name="CpuCoreHours">Hours of CPU cores that they have requested so far.</param>
/// <param name="MemoryGibHours">Hours of GiB of memory that they have requested so far.</param>
/// <param name="Prices">The prices; null when none are configured.</param>
public sealed record CanaryCost(decimal? Amount, int Instances, decimal CpuCoreHours, decimal MemoryGibHours, ResourcePrices? Prices)
{
    /// <summary>Adds up what instances have requested since they were made.</summary>
    /// <param name="instances">The instances.</param>
    /// <param name="prices">Prices; null for none.</param>
    /// <param name="now">Until when.</param>
    public static CanaryCost Of(IReadOnlyCollection<CanaryInstance> instances, ResourcePrices? prices, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(instances);
        var (cpu, memory) = (0m, 0m);
        foreach (var instance in instances)
        {
            var hours = (decimal)Math.Max(0, (now - instance.Since).TotalHours);
            cpu += hours * instance.CpuCores;
            memory += hours * instance.MemoryGib;
        }

        var amount = prices is null ? (decimal?)null : Math.Round((cpu * prices.CpuCoreHour) + (memory * prices.MemoryGibHour), 2, MidpointRounding.AwayFromZero);
        return new(amount, instances.Count, Math.Round(cpu, 4), Math.Round(memory, 4), prices);
    }
}

/// <summary>An instance of a canary that costs something.</summary>
/// <param name="Since">Since when it is there (UTC).</param>
/// <param name="CpuCores">CPU cores that it requests.</param>
/// <param name="MemoryGib">GiB of memory that it requests.</param>
public readonly record struct CanaryInstance(DateTimeOffset Since, decimal CpuCores, decimal MemoryGib);
