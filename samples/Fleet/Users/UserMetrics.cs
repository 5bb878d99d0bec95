using System.Diagnostics.Metrics;

namespace Fleet.Users;

/// <summary>Business counters of the user service.</summary>
internal sealed class UserMetrics(IMeterFactory meters)
{
    private readonly Counter<long> _registrations =
        meters.Create("Fleet.Users").CreateCounter<long>("user_registrations_total", description: "Accounts made.");

    public void Registered() => _registrations.Add(1);
}
