using System.Diagnostics.Metrics;

namespace ControlPlane.Api.Tests.Testing;

/// <summary>
/// Meters for a second host in the same process. Under the usual names, OpenTelemetry would take its instruments for those of the first host,
/// and end both when one host goes.
/// </summary>
internal sealed class UnheardMeters : IMeterFactory
{
    private readonly List<Meter> _made = [];

    public Meter Create(MeterOptions options)
    {
        var meter = new Meter("unheard");
        _made.Add(meter);
        return meter;
    }

    public void Dispose() => _made.ForEach(meter => meter.Dispose());
}
