using ControlPlane.Api.Traffic.Generator;
using LocalCluster.Load;

namespace ControlPlane.Web.Startup;

/// <summary>The made-up shoppers of the embedded cluster, as the control plane knows them.</summary>
internal sealed class EmbeddedGenerator(LoadGenerator generator) : ITrafficGenerator
{
    public GeneratorStatus Status
    {
        get
        {
            var status = generator.Status;
            var settings = new GeneratorSettings(status.Settings.IsOn, status.Settings.RequestsPerSecond, status.Settings.DayMinutes);
            return new(settings, status.Target.ToString().TrimEnd('/'), status.Hour, status.RequestsPerSecond, status.Sent, status.Failed, status.Skipped);
        }
    }

    public (string Field, string Message)? ProblemOf(GeneratorSettings settings) => Of(settings).Problem;

    public void Set(GeneratorSettings settings) => generator.Set(Of(settings));

    private static LoadSettings Of(GeneratorSettings settings) => new(settings.On, settings.RequestsPerSecond, settings.DayMinutes);
}
