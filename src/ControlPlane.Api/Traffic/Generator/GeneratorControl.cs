using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using ControlPlane.Api.Access;
using ControlPlane.Api.Commands;
using ControlPlane.Api.Problems;

namespace ControlPlane.Api.Traffic.Generator;

/// <summary>Reads and changes the made-up traffic of the example fleet.</summary>
public sealed class GeneratorControl(IEnumerable<ITrafficGenerator> generators, CommandGate gate, Authorizer authorizer)
{
    /// <summary>Kind in the audit log.</summary>
    public const string Kind = "TrafficGenerator";

    /// <summary>Why there is none, where there is none.</summary>
    public const string Absence = "Made-up traffic is for the example fleet of the embedded cluster. This control plane follows another cluster, and sends it none.";

    private readonly ITrafficGenerator? _generator = generators.FirstOrDefault();

    /// <summary>What it does now; null where there is none.</summary>
    /// <exception cref="AccessException">The caller may not.</exception>
    public GeneratorStatus? Status
    {
        get
        {
            authorizer.DemandSomewhere(Permissions.ReadServices);
            return _generator?.Status;
        }
    }

    /// <summary>What changing it takes, for a page that is about to offer that.</summary>
    public CommandRequirements Requirements => gate.RequirementsOf(CommandOf(reason: null, wanted: null));

    /// <summary>Changes it.</summary>
    /// <param name="settings">What it should be.</param>
    /// <param name="seen">Tag of the settings that the caller looked at; null for whatever they are.</param>
    /// <param name="reason">Why.</param>
    /// <param name="cancellationToken">Ends the asking.</param>
    /// <exception cref="AccessException">The caller may not.</exception>
    /// <exception cref="RequestException">There is none, a setting is out of its bounds, or somebody else changed it.</exception>
    public async Task<GeneratorStatus> SetAsync(GeneratorSettings settings, string? seen, string? reason, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var generator = _generator ?? throw new RequestException(HttpStatusCode.Conflict, "generator", Absence);
        if (generator.ProblemOf(settings) is { } problem)
        {
            throw RequestException.BadParameter(problem.Field, $"{problem.Field} {problem.Message}");
        }

        return await gate.RunAsync(
            CommandOf(reason, Node(settings)),
            (trace, _) =>
            {
                var before = generator.Status.Settings;
                if (seen is not null && seen != before.Tag)
                {
                    throw new RequestException(HttpStatusCode.PreconditionFailed, "If-Match", "somebody changed it since you looked: look again, then change");
                }

                generator.Set(settings);
                (trace.Before, trace.After) = (Node(before), Node(settings));
                return Task.FromResult(generator.Status);
            },
            cancellationToken);
    }

    private static Command CommandOf(string? reason, JsonNode? wanted) =>
        new(Permissions.GenerateTraffic, new CommandSubject(Kind, "", "example-fleet") { Wanted = wanted }) { Reason = reason };

    private static JsonNode Node(GeneratorSettings settings) => JsonSerializer.SerializeToNode(settings, JsonSerializerOptions.Web)!;
}
