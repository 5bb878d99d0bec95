using ControlPlane.Api.Access;
using ControlPlane.Api.Access.Http;
using ControlPlane.Api.Activity;
using ControlPlane.Api.Approvals;
using ControlPlane.Api.Audit;
using ControlPlane.Api.Audit.Actors;
using ControlPlane.Api.Audit.Exports;
using ControlPlane.Api.Audit.Ingestion;
using ControlPlane.Api.Audit.Retention;
using ControlPlane.Api.Fleet;
using ControlPlane.Api.History;
using ControlPlane.Api.Idempotency;
using ControlPlane.Api.Incidents;
using ControlPlane.Api.Manifests;
using ControlPlane.Api.Onboarding;
using ControlPlane.Api.Rollouts;
using ControlPlane.Api.Traffic;
using ControlPlane.Api.Traffic.Circuits;
using ControlPlane.Api.Traffic.Limits;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Routing;

namespace ControlPlane.Api.Hosting;

/// <summary>Maps what a process of the control plane serves over HTTP.</summary>
public static class ControlPlaneEndpoints
{
    /// <summary>Health and metrics for every role; the REST API and its description where it is served.</summary>
    public static IEndpointRouteBuilder MapControlPlane(this IEndpointRouteBuilder app, ControlPlaneOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        app.MapHealthChecks("/healthz/live", new HealthCheckOptions { Predicate = static _ => false }).ForAnybody("says one word, which kubelets need");
        app.MapHealthChecks("/healthz/ready", new HealthCheckOptions { Predicate = static check => check.Tags.Contains(CacheHealthCheck.Tag) })
            .ForAnybody("says one word, which kubelets need");
        app.MapPrometheusScrapingEndpoint("/metrics").Requires(Permissions.ReadMetrics).OpenToThisMachine();
        if (options.Roles.HasFlag(ControlPlaneRoles.Api))
        {
            app.MapGroup("/api/v1").LimitsCallers().HeedsIdempotencyKeys().AnswersPendingChanges()
                .MapFleet().MapTraffic().MapCircuits().MapLimits().MapRollouts().MapIncidents().MapManifests().MapOnboarding().MapActivity().MapApprovals().MapAccess()
                .MapAuditIngestion().MapAuditReading().MapRetention().MapActors().MapAuditTiles().MapExports().MapHistory();
            app.MapOpenApi().ForSignedIn();
            ApiReference.Map(app);
        }

        return app;
    }
}
