using ControlPlane.Kubernetes.Resources;
using Gateway.Resources;
using Gateway.Routing;

namespace Gateway.Planning;

/// <summary>Plans one HTTPRoute, by nothing but itself, the Gateways, and the Services, grants and namespace that it names.</summary>
internal static class HttpRoutePlanner
{
    public static PlannedRoute Plan(HttpRoute route, IReadOnlyDictionary<ObjectKey, PlannedGateway> gateways, IClusterView view, string controllerName)
    {
        var backends = new BackendResolver(route, view);
        var (matches, problems) = Rules(route, new RulePlanner(route, backends));
        var nothingWorks = matches.Count == 0 && problems.Count > 0;
        var attachments = new Dictionary<ListenerId, RouteAttachment>();
        var parents = new List<RouteParentStatus>();
        foreach (var parent in route.Spec.ParentRefs)
        {
            if (!parent.IsGateway || !gateways.TryGetValue(new(parent.Namespace ?? route.Metadata.Namespace, parent.Name), out var gateway))
            {
                continue; // somebody else's, or nobody's
            }

            var (attached, problem) = RouteAttacher.Attach(route, parent, gateway, view);
            problem ??= nothingWorks ? new(GatewayConditions.UnsupportedValue, problems[0]) : null;
            foreach (var attachment in problem is null ? attached : [])
            {
                attachments[attachment.Listener] = attachment;
            }

            parents.Add(new() { ParentRef = parent, ControllerName = controllerName, Conditions = Conditions(problem, backends.Problem, nothingWorks ? [] : problems) });
        }

        return new PlannedRoute
        {
            Resource = route,
            Attachments = [.. attachments.Values],
            Matches = matches,
            Parents = parents,
            Services = backends.Services,
        };
    }

    /// <summary>One bad rule never stops the others.</summary>
    private static (List<RouteMatch> Matches, List<string> Problems) Rules(HttpRoute route, RulePlanner planner)
    {
        var matches = new List<RouteMatch>();
        var problems = new List<string>();
        for (var index = 0; index < route.Spec.Rules.Count; index++)
        {
            try
            {
                matches.AddRange(planner.Plan(route.Spec.Rules[index], index));
            }
            catch (UnsupportedRuleException e)
            {
                problems.Add(e.Message);
            }
        }

        return (matches, problems);
    }

    private static List<Condition> Conditions(Problem? notAccepted, Problem? unresolved, IReadOnlyList<string> droppedRules)
    {
        var conditions = new List<Condition>
        {
            PlannedCondition.Of(GatewayConditions.Accepted, notAccepted),
            PlannedCondition.Of(GatewayConditions.ResolvedRefs, unresolved),
        };
        if (notAccepted is null && droppedRules.Count > 0)
        {
            var dropped = $"Dropped Rule: {string.Join("; ", droppedRules)}"; // the API wants the message to begin so
            conditions.Add(PlannedCondition.True(GatewayConditions.PartiallyInvalid, GatewayConditions.UnsupportedValue, dropped));
        }

        return conditions;
    }
}
