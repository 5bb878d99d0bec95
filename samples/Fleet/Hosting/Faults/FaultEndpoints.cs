using Fleet.Hosting.Input;
using Fleet.Hosting.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Fleet.Hosting.Faults;

/// <summary>
/// Where the faults of a service's versions are set while it runs. They are part of no API: a route that lets the world in should name paths,
/// and not these.
/// </summary>
internal static class FaultEndpoints
{
    public static void MapFaults(this IEndpointRouteBuilder platform)
    {
        var faults = platform.MapGroup("/faults").AddEndpointFilter(ActivatorUtilities.CreateInstance<InputValidation>(platform.ServiceProvider));
        faults.MapGet("", All);
        faults.MapPut("/{version}", Set);
        faults.MapDelete("/{version}", Remove);
    }

    internal static Ok<FaultsReply> All(FaultPlans plans, FleetService service) => TypedResults.Ok(new FaultsReply(service.Name, plans.All));

    /// <summary>Sets the plan of a version of this service, for every instance of it that shares the stores, from the next request on.</summary>
    internal static Results<Ok<FaultPlan>, ProblemHttpResult> Set(string version, FaultPlan input, FaultPlans plans) =>
        plans.TrySet(version, input)
            ? TypedResults.Ok(input)
            : Problem.Conflict("version", $"{FaultPlans.MostVersions} versions have a plan already; delete one first.");

    internal static NoContent Remove(string version, FaultPlans plans)
    {
        plans.Remove(version);
        return TypedResults.NoContent();
    }
}

/// <summary>The faults of a service.</summary>
/// <param name="Service">The service.</param>
/// <param name="Versions">Plans by version; versions without one are as good as they can.</param>
internal sealed record FaultsReply(string Service, IReadOnlyDictionary<string, FaultPlan> Versions);
