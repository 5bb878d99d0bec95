using Fleet.Hosting.Problems;
using Microsoft.AspNetCore.Http.Metadata;

namespace Fleet.Hosting.Faults;

/// <summary>Makes the requests of an instance as slow and as wrong as its version's plan says. Probes and metrics are left alone.</summary>
internal sealed class FaultInjection(RequestDelegate next, FaultPlans plans, FleetInstance instance, TimeProvider time)
{
    /// <summary>Title of an answer that is wrong on purpose.</summary>
    public const string Title = "A fault that this version was told to have.";

    public async Task InvokeAsync(HttpContext context)
    {
        var plan = plans.Of(instance.Version);
        if (plan == FaultPlan.None || context.GetEndpoint()?.Metadata.GetMetadata<IDisableHttpMetricsMetadata>() is not null)
        {
            await next(context);
            return;
        }

        if (plan.Wait(Random.Shared.NextDouble()) is { Ticks: > 0 } wait)
        {
            await Task.Delay(wait, time, context.RequestAborted);
        }

        if (Random.Shared.NextDouble() < plan.ErrorRate)
        {
            await Problem.Faulty(Title).ExecuteAsync(context);
            return;
        }

        await next(context);
    }
}
