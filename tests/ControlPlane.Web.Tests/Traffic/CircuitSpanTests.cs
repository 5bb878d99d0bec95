using ControlPlane.Api.Traffic.Circuits;
using ControlPlane.Kubernetes.Resources.Traffic.Reports;
using ControlPlane.Web.Traffic;

namespace ControlPlane.Web.Tests.Traffic;

public sealed class CircuitSpanTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 27, 6, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_picture_covers_the_time_without_gaps_and_knows_nothing_of_before_the_gateway_counted() => Assert.Equal(
        ["0-10 -", "10-20 Closed", "20-30 Open", "30-35 HalfOpen", "35-60 Closed"],
        Spans(countsSince: 10, (20, CircuitState.Closed, CircuitState.Open), (30, CircuitState.Open, CircuitState.HalfOpen), (35, CircuitState.HalfOpen, CircuitState.Closed)));

    [Fact]
    public void What_was_before_the_time_shows_only_as_the_state_that_came_of_it() => Assert.Equal(
        ["0-60 Open"], Spans(countsSince: -90, (-30, CircuitState.Closed, CircuitState.Open)));

    [Fact]
    public void A_circuit_that_never_changed_is_in_its_state_since_the_gateway_counts() => Assert.Equal(["0-60 Closed"], Spans(countsSince: -90));

    [Fact]
    public void When_a_gateway_remembers_no_more_changes_nothing_is_known_of_before_the_first()
    {
        var many = Enumerable.Range(0, 100).Select(i => (50 + (i / 100.0), CircuitState.Open, CircuitState.HalfOpen)).ToArray();

        Assert.Equal("0-50 -", Spans(countsSince: -90, many)[0]);
    }

    private static List<string> Spans(double countsSince, params (double At, CircuitState From, CircuitState To)[] changes)
    {
        var history = changes.Select(change => new CircuitTransition(Start.AddMinutes(change.At), change.From, change.To, "")).ToList();
        var state = history.Count == 0 ? CircuitState.Closed : history[^1].To;
        var circuit = new CircuitAtGateway("g", state, Start, null, Start.AddMinutes(countsSince), Start.AddMinutes(60), history);
        return [.. CircuitSpan.Of(circuit, Start, Start.AddMinutes(60)).Select(span => $"{(span.From - Start).TotalMinutes:0.##}-{(span.To - Start).TotalMinutes:0.##} {span.State?.ToString() ?? "-"}")];
    }
}
