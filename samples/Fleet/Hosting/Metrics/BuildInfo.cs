using System.Diagnostics.Metrics;

namespace Fleet.Hosting.Metrics;

/// <summary>Which version runs where, as a gauge that is always 1: the labels are what one asks for.</summary>
internal sealed class BuildInfo
{
    public BuildInfo(IMeterFactory meters, FleetService service, FleetInstance instance)
    {
        KeyValuePair<string, object?>[] labels =
        [
            new("service", service.Name),
            new("version", instance.Version),
            new("zone", instance.Zone),
        ];
        meters.Create("Fleet.Build").CreateObservableGauge(
            "build_info", () => new Measurement<long>(1, labels), description: "Version of the service that this instance runs.");
    }
}
