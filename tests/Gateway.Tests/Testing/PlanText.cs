using System.Globalization;
using System.Text;
using ControlPlane.Kubernetes.Resources;
using Gateway.Planning;
using Gateway.Policies;
using Gateway.Routing;

namespace Gateway.Tests.Testing;

/// <summary>A plan as people read it: what is said of each object, and where requests go, in the order in which routes are tried.</summary>
internal static class PlanText
{
    private static readonly ISocketStates AllOpen = new OpenSockets();

    public static string Of(RoutingPlan plan, IClusterView view)
    {
        var text = new StringBuilder();
        foreach (var item in view.Classes.OrderBy(item => item.Metadata.Name, StringComparer.Ordinal))
        {
            Line(text, 0, $"GatewayClass {item.Metadata.Name}: {Conditions(StatusPlanner.OfClass(item).Conditions)}");
        }

        foreach (var gateway in plan.Gateways.Values.OrderBy(gateway => gateway.Key, ObjectKey.ListOrder))
        {
            var status = StatusPlanner.OfGateway(gateway, plan.Attached, AllOpen);
            Line(text, 0, $"Gateway {gateway.Key} at {string.Join(", ", status.Addresses.Select(address => address.Value))}: {Conditions(status.Conditions)}");
            foreach (var listener in status.Listeners)
            {
                var kinds = string.Join(", ", listener.SupportedKinds.Select(kind => kind.Kind));
                Line(text, 1, $"listener {listener.Name} takes [{kinds}], has {listener.AttachedRoutes}: {Conditions(listener.Conditions)}");
            }
        }

        foreach (var route in plan.Routes.Values.OrderBy(route => route.Resource.Metadata.Key, ObjectKey.ListOrder))
        {
            Line(text, 0, $"HTTPRoute {route.Resource.Metadata.Key}");
            foreach (var parent in route.Parents)
            {
                Line(text, 1, $"of {parent.ParentRef.Name}/{parent.ParentRef.SectionName}: {Conditions(parent.Conditions)}");
            }
        }

        Snapshot(text, plan.Snapshot);
        return text.ToString();
    }

    public static string Of(RoutingSnapshot snapshot)
    {
        var text = new StringBuilder();
        Snapshot(text, snapshot);
        return text.ToString();
    }

    private static void Snapshot(StringBuilder text, RoutingSnapshot snapshot)
    {
        foreach (var socket in snapshot.Sockets.OrderBy(socket => socket.Key.ToString(), StringComparer.Ordinal))
        {
            Line(text, 0, $"socket {socket.Key}{(socket.IsTls ? " TLS" : "")}");
            foreach (var listener in socket.Listeners)
            {
                Line(text, 1, $"{listener.Id.Gateway}/{listener.Id.Name} for {listener.Hostname ?? "*"}");
                foreach (var (hostname, routes) in listener.Hosts)
                {
                    Line(text, 2, hostname ?? "*");
                    foreach (var match in routes.Matches)
                    {
                        Line(text, 3, Match(match));
                    }
                }
            }
        }
    }

    private static string Match(RouteMatch match)
    {
        var values = match.Headers.Select(header => $"{header.Name}{(header.Regex is null ? "=" : "~")}{header.Value}")
            .Concat(match.Query.Select(parameter => $"?{parameter.Name}{(parameter.Regex is null ? "=" : "~")}{parameter.Value}"));
        return string.Join(' ', [$"{match.Path.Kind} {(match.Path.Value.Length == 0 ? "/" : match.Path.Value)}", .. Of(match.Method), .. values, "->", match.Rule.Id.ToString(), .. Actions(match.Rule)]);
    }

    private static IEnumerable<string> Actions(RouteRule rule)
    {
        foreach (var part in Edits("request", rule.RequestHeaders).Concat(Edits("response", rule.ResponseHeaders)))
        {
            yield return part;
        }

        if (rule.Redirect is { } redirect)
        {
            yield return $"redirect({redirect.StatusCode} {redirect.Scheme}://{redirect.Hostname}:{redirect.Port} {Path(redirect.Path)})";
        }

        if (rule.Rewrite != Rewrite.None)
        {
            yield return $"rewrite({rule.Rewrite.Hostname} {Path(rule.Rewrite.Path)})";
        }

        foreach (var mirror in rule.Mirrors)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"mirror({mirror.Key}*{mirror.Share})");
        }

        if (rule.CrossOrigin is { } rules)
        {
            yield return $"cors({string.Join(' ', rules.AllowOrigins)})";
        }

        foreach (var timeout in Of(Timeout("request", rule.RequestTimeout)).Concat(Of(Timeout("try", rule.BackendTimeout))))
        {
            yield return timeout;
        }

        if (rule.Retries is { } retries)
        {
            var pauses = string.Create(CultureInfo.InvariantCulture, $"{retries.BackoffBase.TotalMilliseconds}-{retries.BackoffMax.TotalMilliseconds}ms");
            var causes = string.Join(' ', [.. retries.Statuses.Order().Select(status => status.ToString(CultureInfo.InvariantCulture)), retries.On.ToString()]);
            yield return $"retry({retries.Attempts} on {causes}, {pauses}, budget {retries.BudgetPercent?.ToString(CultureInfo.InvariantCulture) ?? "none"})";
        }

        foreach (var backend in rule.Backends)
        {
            yield return string.Join(' ', [$"{backend.Key?.ToString() ?? "nowhere"}*{backend.Weight}", .. Edits("request", backend.RequestHeaders), .. Edits("response", backend.ResponseHeaders)]);
        }
    }

    private static IEnumerable<string> Edits(string what, HeaderEdits edits) => edits.IsEmpty
        ? []
        : [$"{what}({string.Join(' ', [.. edits.Set.Select(pair => $"{pair.Key}={pair.Value}"), .. edits.Add.Select(pair => $"{pair.Key}+={pair.Value}"), .. edits.Remove.Select(name => $"-{name}")])})"];

    private static string Path(PathRewrite? path) => path is null ? "" : path.Full is { } full ? $"path {full}" : $"prefix {path.Prefix}";

    private static string? Timeout(string what, TimeSpan? timeout) => timeout is { } span ? $"{what}<={span.TotalSeconds.ToString(CultureInfo.InvariantCulture)}s" : null;

    private static IEnumerable<string> Of(string? text) => text is null ? [] : [text];

    private static string Conditions(IReadOnlyList<Condition> conditions) => string.Join(
        "; ", conditions.Select(condition => $"{condition.Type}={condition.Status} {condition.Reason}{(condition.Message.Length > 0 ? $" ({condition.Message})" : "")}"));

    private static void Line(StringBuilder text, int depth, string line) => text.Append(' ', depth * 2).Append(line).Append('\n');

    private sealed class OpenSockets : ISocketStates
    {
        public Problem? ProblemOf(SocketKey key) => null;
    }
}
