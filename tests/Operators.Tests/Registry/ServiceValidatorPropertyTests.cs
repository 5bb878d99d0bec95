using ControlPlane.Kubernetes.Resources;
using CsCheck;
using Operators.Tests.Testing;
using Reasons = ControlPlane.Kubernetes.Resources.ManagedServiceConditions.Reasons;

namespace Operators.Tests.Registry;

public sealed class ServiceValidatorPropertyTests
{
    private const int Most = 8;

    private static readonly Gen<(int From, int To)> Edge = Gen.Select(Gen.Int[0, Most - 1], Gen.Int[0, Most - 1]);

    [Fact]
    public void Services_on_a_cycle_and_those_with_unknown_dependencies_are_found_as_by_a_closure_of_the_graph() =>
        Gen.Select(Edge.HashSet[0, 16], Gen.Int[1, Most]).Sample(
            (edges, declared) =>
            {
                using var fleet = new KnownFleet();
                var services = Enumerable.Range(0, declared).Select(i =>
                    fleet.Declare(Samples.Service($"s{i}", [.. edges.Where(edge => edge.From == i).Select(edge => $"s{edge.To}")]))).ToList();
                var reaches = Closure(edges, declared);

                for (var i = 0; i < declared; i++)
                {
                    var problems = fleet.Validator.Check(services[i]);
                    Assert.Equal(reaches[i, i], problems.Any(problem => problem.Reason == Reasons.DependencyCycle));
                    Assert.Equal(
                        edges.Count(edge => edge.From == i && edge.To >= declared),
                        problems.Count(problem => problem.Reason == Reasons.UnknownDependency));
                }
            },
            iter: 500);

    /// <summary>Which service can be reached from which, over declared services (Warshall).</summary>
    private static bool[,] Closure(HashSet<(int From, int To)> edges, int declared)
    {
        var reaches = new bool[Most, Most];
        foreach (var (from, to) in edges.Where(edge => edge.From < declared))
        {
            reaches[from, to] = true;
        }

        for (var via = 0; via < declared; via++)
        {
            for (var from = 0; from < Most; from++)
            {
                for (var to = 0; to < Most; to++)
                {
                    reaches[from, to] |= reaches[from, via] && reaches[via, to];
                }
            }
        }

        return reaches;
    }
}
