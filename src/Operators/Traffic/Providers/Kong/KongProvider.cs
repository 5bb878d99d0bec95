using System.Globalization;
using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Traffic;
using Operators.Traffic.Providers.Rendering;

namespace Operators.Traffic.Providers.Kong;

/// <summary>
/// Renders for Kong's ingress controller: an HTTPRoute, plugins, and a KongUpstreamPolicy. Kong reads a part of a service's settings from annotations of
/// its Service; they are planned apart, and are lost where somebody else owns the Service or routes lead to others beside it.
/// </summary>
/// <param name="counters">The Redis that Kong counts shared limits in; null for none.</param>
public sealed class KongProvider(SharedCounterStore? counters = null) : ITrafficProvider
{
    private const string Engine = "Kong";

    /// <inheritdoc/>
    public string Name => "kong";

    /// <inheritdoc/>
    public IReadOnlyList<ResourceType> Kinds { get; } = [TrafficKinds.KongUpstreamPolicies, TrafficKinds.KongPlugins, TrafficKinds.HttpRoutes];

    /// <inheritdoc/>
    public IReadOnlyList<ResourceType> Requires => Kinds;

    /// <inheritdoc/>
    public bool AnnotatesFronts => true;

    /// <inheritdoc/>
    public ProviderPlan Plan(TrafficSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var unsupported = new UnsupportedSettings();
        if (!EdgeGateway.Reaches(snapshot, Engine, unsupported))
        {
            return new([], unsupported.All);
        }

        var ofService = OfService(snapshot, unsupported);
        var ofRoute = RoutePlugins.Plan(snapshot, unsupported).ToList();
        List<DesiredObject> objects = [.. ofService.Objects, .. ofRoute, .. HttpRoutes.Plan(snapshot, Dialect(snapshot, ofRoute), unsupported)];
        ReportTimeouts(snapshot, unsupported);
        EdgeGateway.ReportMissing(snapshot, Engine, unsupported);
        return new(objects, unsupported.All) { FrontAnnotations = ofService.FrontAnnotations };
    }

    /// <inheritdoc/>
    public string? SplitGap(TrafficSnapshot snapshot) => snapshot?.Split is null ? null : EdgeGateway.SplitGap(Engine);

    /// <summary>What Kong attaches to a Service: its upstream policy, its retries, and what counts its requests.</summary>
    private ProviderPlan OfService(TrafficSnapshot snapshot, UnsupportedSettings unsupported)
    {
        var annotations = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (LackOfService(snapshot) is { } lack)
        {
            foreach (var setting in snapshot.Policy.Settings.Where(static setting => IsOfService(setting.From.Kind, setting.Field)))
            {
                unsupported.Add(setting.Field, lack);
            }

            return new([], []);
        }

        List<DesiredObject> objects = [];
        if (UpstreamPolicy.Plan(snapshot, unsupported) is { } upstream)
        {
            objects.Add(upstream);
            annotations["konghq.com/upstream-policy"] = upstream.Key.Name;
        }

        if (RateLimiting.Plan(snapshot, counters, unsupported) is { } limiting)
        {
            objects.Add(limiting);
            annotations["konghq.com/plugins"] = limiting.Key.Name;
        }

        if (snapshot.Policy.Traffic.Retries is { } retries)
        {
            annotations["konghq.com/retries"] = retries.Attempts.ToString(CultureInfo.InvariantCulture);
            ReportRetries(retries, unsupported);
        }

        return new(objects, []) { FrontAnnotations = annotations };
    }

    private static string? LackOfService(TrafficSnapshot snapshot) =>
        snapshot.Service.Spec.Workload is not { Exposure.Enabled: true } ? "Kong reads it from annotations of the Service, which somebody else owns"
        : TrafficRoutes.LeadElsewhere(snapshot) ? "Kong reads it from annotations of all the Services that routes lead to, and some of them are not this service's"
        : null;

    private static bool IsOfService(string kind, string field) =>
        kind != TrafficPolicy.ResourceType.Kind || field is "spec.retries" or "spec.loadBalancing";

    private static HttpRouteDialect Dialect(TrafficSnapshot snapshot, IReadOnlyList<DesiredObject> plugins)
    {
        var annotations = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (plugins.Count > 0)
        {
            annotations["konghq.com/plugins"] = string.Join(',', plugins.Select(static plugin => plugin.Key.Name));
        }

        if (snapshot.Policy.Traffic.HttpsRedirect == true)
        {
            annotations["konghq.com/protocols"] = "https";
            annotations["konghq.com/https-redirect-status-code"] = "301";
        }

        // Query parameters are matched by one of Kong's routers only, and the other would refuse the whole route.
        return new HttpRouteDialect { Engine = Engine, RequestTimeouts = false, TryTimeouts = false, QueryParams = false, OpenExpressions = true, TryLimit = TryLimit(snapshot), Annotations = annotations };
    }

    /// <summary>Kong has one limit for all the routes to a Service, and it must not be nought.</summary>
    private static string? TryLimit(TrafficSnapshot snapshot)
    {
        var (retries, timeouts) = (snapshot.Policy.Traffic.Retries, snapshot.Policy.Traffic.Timeouts);
        return PolicyDuration.Positive((retries is { Attempts: > 0 } ? retries.PerTryTimeout : null) ?? timeouts?.BackendRequest);
    }

    private static void ReportTimeouts(TrafficSnapshot snapshot, UnsupportedSettings unsupported)
    {
        var traffic = snapshot.Policy.Traffic;
        unsupported.AddIf(traffic.Timeouts?.Request is not null, "spec.timeouts.request", "Kong limits each try, not the whole request");
        unsupported.AddIf(traffic.Timeouts?.BackendRequest is { } limit && PolicyDuration.IsNone(limit), "spec.timeouts.backendRequest", "Kong always has a limit: 60s");
        unsupported.AddIf(traffic.Retries?.PerTryTimeout is { } each && PolicyDuration.IsNone(each), "spec.retries.perTryTimeout", "Kong always has a limit: 60s");
        foreach (var route in traffic.Routes.Where(static route => route.Timeouts is not null))
        {
            unsupported.Add($"spec.routes[{route.Name}].timeouts", "Kong has one limit for all the routes to a Service");
        }
    }

    private static void ReportRetries(TrafficRetries retries, UnsupportedSettings unsupported)
    {
        unsupported.Add("spec.retries.conditions", "Kong tries again after ConnectFailure, Reset and Timeout");
        unsupported.AddIf(retries.Methods.Count > 0, "spec.retries.methods", "Kong repeats GET, HEAD, OPTIONS, PUT, DELETE and TRACE, and others only when they were not sent");
        unsupported.AddIf(retries.Backoff is not null, "spec.retries.backoff", "Kong tries again at once");
        unsupported.AddIf(retries.Budget is not null, "spec.retries.budget", "Kong has no ceiling of all retries");
    }
}
