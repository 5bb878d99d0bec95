using ControlPlane.Api.Traffic.Circuits;
using ControlPlane.Kubernetes.Resources.Traffic.Reports;

namespace ControlPlane.Web.Traffic;

/// <summary>A time in which a circuit was in one state.</summary>
/// <param name="From">When it began (UTC).</param>
/// <param name="To">When it ended, or now (UTC).</param>
/// <param name="State">The state; null while nothing is known, as before the gateway started.</param>
internal sealed record CircuitSpan(DateTimeOffset From, DateTimeOffset To, CircuitState? State)
{
    /// <summary>How many changes a gateway remembers: when there are so many, what was before the first is not known.</summary>
    private const int Remembered = 100;

    /// <summary>The states of a circuit at a gateway over a time, without gaps, the earliest first.</summary>
    public static IReadOnlyList<CircuitSpan> Of(CircuitAtGateway circuit, DateTimeOffset from, DateTimeOffset to)
    {
        var known = circuit.History is [{ } first, ..] && circuit.History.Count >= Remembered ? first.At : circuit.CountsSince;
        var spans = new List<CircuitSpan> { new(from, known, null) };
        var (since, state) = (known, circuit.History.Count > 0 ? circuit.History[0].From : circuit.State);
        foreach (var change in circuit.History)
        {
            spans.Add(new(since, change.At, state));
            (since, state) = (change.At, change.To);
        }

        spans.Add(new(since, to, state));
        return [.. spans.Select(span => span with { From = Later(span.From, from), To = Earlier(span.To, to) }).Where(static span => span.To > span.From)];
    }

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
}
