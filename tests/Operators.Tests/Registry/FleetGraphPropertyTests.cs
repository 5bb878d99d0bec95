using System.Text;
using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Resources;
using CsCheck;
using Operators.Cluster;
using Operators.Registry;
using Operators.Tests.Testing;

namespace Operators.Tests.Registry;

public sealed class FleetGraphPropertyTests
{
    private static readonly string[] Names = ["a", "b", "c", "d", "e", "f"];

    private static readonly Gen<ManagedService> Declaration =
        from name in Gen.OneOf(Names)
        from dependencies in Gen.OneOf(Names).HashSet[0, 3]
        from adopts in Gen.Frequency((3, false), (1, true))
        from port in Gen.OneOf(8080, 9000)
        from ownSelector in Gen.Bool
        select adopts
            ? Samples.Adopting(name, [.. dependencies])
            : Samples.Service(name, [.. dependencies]).With(workload => workload with
            {
                Ports = [new WorkloadPort { Name = "http", Port = port }],
                Selector = ownSelector ? new Dictionary<string, string> { ["app"] = name } : null,
            });

    private static readonly Gen<Step> Steps = Gen.Frequency<Step>(
        (6, Declaration.Select(service => (Step)new Declare(service))),
        (1, Gen.OneOf(Names).Select(name => (Step)new Withdraw(name))),
        (2, Gen.Select(Gen.OneOf(Names), Gen.OneOf(8080, 9000)).Select((name, port) => (Step)new Run(name, port))),
        (1, Gen.OneOf(Names).Select(name => (Step)new Stop(name))));

    private abstract record Step;

    private sealed record Declare(ManagedService Service) : Step;

    private sealed record Withdraw(string Name) : Step;

    private sealed record Run(string Name, int Port) : Step;

    private sealed record Stop(string Name) : Step;

    [Fact]
    public void Planning_those_who_are_told_of_a_change_gives_what_planning_everybody_gives() =>
        Steps.Array[1, 25].Sample(
            steps =>
            {
                using var fleet = new KnownFleet();
                var plans = new Dictionary<ObjectKey, string>();
                fleet.Caches.Services.Cache.Subscribe(change =>
                {
                    Replan(fleet, plans, change.Key);
                    Replan(fleet, plans, [.. fleet.Graph.Affected(change)]);
                });
                foreach (var informer in fleet.Caches.ForeignWorkloadInformers)
                {
                    informer.Cache.Subscribe(change => Replan(fleet, plans, [.. fleet.Graph.Affected(new WorkloadKey(informer.Type.Kind, change.Key), change)]));
                }

                foreach (var step in steps)
                {
                    Take(fleet, step);
                    Assert.Equal(
                        fleet.Caches.Services.Cache.Snapshot().ToDictionary(service => service.Metadata.Key, service => Plan(fleet, service)),
                        plans);
                }
            },
            iter: 200,
            print: steps => string.Join("; ", steps.Select(Describe)));

    private static void Take(KnownFleet fleet, Step step)
    {
        switch (step)
        {
            case Declare declare:
                fleet.Declare(declare.Service);
                break;
            case Withdraw withdraw:
                fleet.Withdraw(Samples.Key(withdraw.Name));
                break;
            case Run run:
                var generation = (fleet.Caches.ForeignWorkload(new("Deployment", Samples.Key(run.Name)))?.Metadata.Generation ?? 0) + 1;
                fleet.Run(Samples.Deployment(run.Name, run.Port, (int)generation));
                break;
            case Stop stop:
                fleet.Stop(new("Deployment", Samples.Key(stop.Name)));
                break;
        }
    }

    private static void Replan(KnownFleet fleet, Dictionary<ObjectKey, string> plans, params ObjectKey[] keys)
    {
        foreach (var key in keys)
        {
            if (fleet.Graph.Find(key) is { } service)
            {
                plans[key] = Plan(fleet, service);
            }
            else
            {
                plans.Remove(key);
            }
        }
    }

    /// <summary>Objects and problems: both must be up to date.</summary>
    private static string Plan(KnownFleet fleet, ManagedService service)
    {
        var plan = new StringBuilder();
        foreach (var problem in fleet.Validator.Check(service))
        {
            // Which of several cycles is shown does not matter, that one is does.
            plan.Append(problem.Reason == ManagedServiceConditions.Reasons.DependencyCycle ? problem.Reason : problem.ToString()).Append('\n');
        }

        foreach (var item in ServicePlanner.Plan(fleet.Graph.Snapshot(service)))
        {
            plan.Append(Encoding.UTF8.GetString(item.Json.Span)).Append('\n');
        }

        return plan.ToString();
    }

    private static string Describe(Step step) => step switch
    {
        Declare { Service: var service } =>
            $"declare {service.Metadata.Name} -> {string.Join(',', service.Spec.DependsOn.Select(d => d.Name))} {(service.Spec.Workload is null ? "adopts" : "runs")}",
        _ => step.ToString(),
    };
}
