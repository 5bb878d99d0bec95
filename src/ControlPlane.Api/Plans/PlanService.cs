using ControlPlane.Api.Access;
using System.Text.Json;
using System.Text.Json.Nodes;
using ControlPlane.Api.Manifests;
using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Manifests;
using ControlPlane.Kubernetes.Resources;
using Operators.Cluster;
using Operators.Registry;
using Operators.Traffic;

namespace ControlPlane.Api.Plans;

/// <summary>
/// Says what applying manifests would do: the API server judges the manifests by dry run, the operators' planners plan what follows from them,
/// and the API server says by dry run what would become of each object. So the answer is what would happen, defaults and all.
/// </summary>
public sealed class PlanService(
    KubeApi api, FleetCaches caches, ProviderChoice choice, ManifestJudge judge, ManifestSubjects subjects, Authorizer authorizer, TimeProvider time)
{
    /// <summary>Services whose objects are looked at: the default of a namespace touches thousands, of whom these show what it does.</summary>
    private const int MostServices = 200;

    /// <summary>Dry runs at once.</summary>
    private const int AtOnce = 8;

    private static readonly WriteOptions DryRun = new() { FieldManager = FleetApi.OperatorFieldManager, Force = true, DryRun = true };

    /// <summary>Plans manifests together: what one of them declares, the others can depend on.</summary>
    /// <exception cref="AccessException">The caller may not, for one of them.</exception>
    public async Task<PlanResult> PlanAsync(IReadOnlyList<ManifestDocument> manifests, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(manifests);
        foreach (var subject in await subjects.OfAsync(manifests, cancellationToken))
        {
            authorizer.Demand(Permissions.Plan, subject.Namespace.Length > 0 ? subject.Namespace : null, subject.Team);
        }

        return await PlanAsync(await judge.JudgeAsync(manifests, cancellationToken), cancellationToken);
    }

    /// <summary>Plans what follows from manifests that the API server has judged.</summary>
    internal async Task<PlanResult> PlanAsync(IReadOnlyList<JudgedManifest> judged, CancellationToken cancellationToken)
    {
        var proposal = Proposal(judged);
        var graph = new FleetGraph(caches, proposal);
        var traffic = new TrafficPlanner(caches, graph, choice);
        var forecast = new PolicyForecast(caches, proposal, traffic, time);
        var validator = new ServiceValidator(caches, graph);
        judged = [.. judged.Select(item => Validated(item, validator, forecast))];

        // What it does to services that the caller may not see stays unsaid: their objects are not his to read.
        var scope = authorizer.Scope(Permissions.Plan);
        var services = Affected(proposal, forecast)
            .Select(graph.Find)
            .OfType<ManagedService>()
            .Where(service => scope.Includes(service.Metadata.Namespace, service.Spec.Owner.Team))
            .Where(service => validator.Check(service).Count == 0)
            .OrderBy(service => service.Metadata.Key, ObjectKey.ListOrder)
            .ToList();
        var objects = await PlanObjectsAsync(services.Take(MostServices), new BaselinePlanner(graph, traffic), traffic, cancellationToken);
        return new([.. judged.Select(item => item.ToPlanned())], objects) { Omitted = Math.Max(0, services.Count - MostServices) };
    }

    private static FleetProposal Proposal(IReadOnlyList<JudgedManifest> judged)
    {
        var accepted = judged.Where(item => item.Problems.Count == 0).ToList();
        return new(
            accepted.Select(item => item.Service).OfType<ManagedService>().GroupBy(service => service.Metadata.Key).ToDictionary(group => group.Key, group => group.Last()),
            [.. accepted.Select(item => item.Policy).OfType<IKubeObject>().GroupBy(policy => (policy.GetType(), policy.Metadata.Key)).Select(group => group.Last())]);
    }

    private static JudgedManifest Validated(JudgedManifest item, ServiceValidator validator, PolicyForecast forecast) => item switch
    {
        { Problems.Count: > 0 } => item,
        { Service: { } service } => item with { Problems = [.. validator.Check(service).Select(problem => item.Document.ProblemAt(problem.Field, problem.Message))] },
        { Policy: { } policy } when forecast.Problems(policy) is { Count: > 0 } problems => item with { Problems = [.. problems.Select(problem => item.Document.ProblemAt(problem.Field, problem.Message))] },
        { Policy: { } policy } => item with { Forecast = forecast.Status(policy) },
        _ => item,
    };

    /// <summary>The services whose objects may change: the proposed ones and those around them.</summary>
    private HashSet<ObjectKey> Affected(FleetProposal proposal, PolicyForecast forecast)
    {
        var before = new FleetGraph(caches);
        var affected = proposal.Services.Keys.Concat(proposal.Policies.SelectMany(forecast.Touched)).ToHashSet();
        foreach (var (key, service) in proposal.Services)
        {
            var change = new CacheChange<ManagedService>(caches.Services.Cache.Find(key), service, Initial: false);
            affected.UnionWith(before.Affected(change));
        }

        return affected;
    }

    private async Task<IReadOnlyList<PlannedObject>> PlanObjectsAsync(
        IEnumerable<ManagedService> services, BaselinePlanner baseline, TrafficPlanner traffic, CancellationToken cancellationToken)
    {
        var work = services
            .SelectMany(service => (IEnumerable<ObjectWork>)
            [
                .. WorkFor(service, baseline.Plan(service), caches.OwnedBy(service.Metadata.Key), service.Spec.Workload?.TakeOver == true),
                .. WorkFor(service, traffic.Plan(service).Rendered.Objects, caches.TrafficObjects.Of(service.Metadata.Key), takesOver: false),
            ])
            .ToList();
        var planned = new PlannedObject?[work.Count];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, work.Count),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (i, cancel) => planned[i] = await PlanObjectAsync(work[i], cancel));
        return [.. planned.OfType<PlannedObject>()];
    }

    private static IEnumerable<ObjectWork> WorkFor(
        ManagedService service, IReadOnlyList<DesiredObject> planned, IReadOnlyList<(ResourceType Type, LiveObject Object)> owned, bool takesOver)
    {
        var existing = owned.ToDictionary(item => (item.Type, item.Object.Metadata.Key), item => item.Object);
        foreach (var desired in planned)
        {
            existing.Remove((desired.Type, desired.Key), out var live);
            yield return new(service, desired.Type, desired, live, takesOver);
        }

        foreach (var ((type, _), live) in existing)
        {
            yield return new(service, type, Desired: null, live, takesOver);
        }
    }

    private async Task<PlannedObject?> PlanObjectAsync(ObjectWork item, CancellationToken cancellationToken)
    {
        var (service, type, desired, live, takesOver) = item;
        var key = desired?.Key ?? live!.Metadata.Key;
        PlannedObject As(PlannedAction action, ObjectDiff? diff, string? problem = null) =>
            new(service.Metadata.Key.ToString(), type.ApiVersion, type.Kind, key.Namespace, key.Name, action, diff, problem);

        var before = live?.ToJson(type);
        if (desired is null)
        {
            return As(PlannedAction.Delete, ObjectDiff.Of(before, after: null));
        }

        if (live is not null && !Applier.Differs(desired, live))
        {
            return null;
        }

        try
        {
            var body = live is null
                ? await api.CreateAsync(type, key.Namespace, desired.ToCreate(), DryRun with { Force = false }, cancellationToken)
                : await api.ApplyAsync(type, key, desired.On(live).ToApply(live.Metadata.Uid), DryRun, cancellationToken);
            var diff = ObjectDiff.Of(before, JsonNode.Parse(body)!.AsObject());
            return As(live is null ? PlannedAction.Create : PlannedAction.Update, diff);
        }
        catch (KubeApiException e) when (e.IsNotFound && live is null)
        {
            // Its namespace is part of the same manifests: the server can't complete it yet.
            return As(PlannedAction.Create, ObjectDiff.Of(before: null, JsonNode.Parse(desired.Json.Span)!.AsObject()));
        }
        catch (KubeApiException e) when (e.IsAlreadyExists)
        {
            var problem = takesOver ? null
                : OwnedKinds.All.Contains(type) ? $"{type.Kind} {key} exists already and was not made for this service; set spec.workload.takeOver to take it over"
                : $"{type.Kind} {key} exists already and was not made for this service; rename or delete it";
            return As(problem is null ? PlannedAction.Update : PlannedAction.Refuse, await TakeOverDiffAsync(desired, problem, cancellationToken), problem);
        }
        catch (KubeApiException e) when (e.IsInvalid || e.IsConflict || e.IsForbidden)
        {
            return As(PlannedAction.Refuse, diff: null, e.Message);
        }
    }

    private async Task<ObjectDiff?> TakeOverDiffAsync(DesiredObject desired, string? problem, CancellationToken cancellationToken)
    {
        if (problem is not null)
        {
            return null;
        }

        var before = await api.GetBytesAsync(desired.Type, desired.Key, cancellationToken);
        var after = await api.ApplyAsync(desired.Type, desired.Key, desired.AsTakenOver().ToApply(), DryRun, cancellationToken);
        return ObjectDiff.Of(JsonNode.Parse(before)!.AsObject(), JsonNode.Parse(after)!.AsObject());
    }

    /// <summary>An object to be looked at: what is planned, or null to prune it; and what is there, or null.</summary>
    private sealed record ObjectWork(ManagedService Service, ResourceType Type, DesiredObject? Desired, LiveObject? Live, bool TakesOver);
}
