using CsCheck;
using ControlPlane.Kubernetes.Resources.Traffic.Reports;
using ControlPlane.Kubernetes.Tests.Testing;
using Gateway.Circuits;
using Gateway.Policies;

namespace Gateway.Tests.Circuits;

public sealed class CircuitBreakerTests
{
    private static readonly CircuitOptions FiveInARow = new() { ConsecutiveErrors = 5, OpenFor = TimeSpan.FromSeconds(30) };

    private readonly TestClock _clock = new();

    [Fact]
    public void Errors_in_a_row_open_it_and_a_success_between_them_does_not()
    {
        var circuit = new CircuitBreaker(FiveInARow, _clock);
        Repeat(circuit, CircuitOutcome.Error, 4);
        Repeat(circuit, CircuitOutcome.Success, 1);
        Repeat(circuit, CircuitOutcome.Error, 4);
        Assert.Equal(CircuitState.Closed, circuit.State);

        Repeat(circuit, CircuitOutcome.Error, 1);

        Assert.Equal(CircuitState.Open, circuit.State);
        Assert.False(circuit.TryEnter(out _, out var wait));
        Assert.Equal(TimeSpan.FromSeconds(30), wait);
    }

    [Fact]
    public void After_the_open_time_so_many_probes_as_allowed_go_through_at_once()
    {
        var circuit = new CircuitBreaker(FiveInARow with { Probes = 3, Successes = 3 }, _clock);
        Repeat(circuit, CircuitOutcome.Error, 5);
        _clock.Advance(TimeSpan.FromSeconds(30) - TimeSpan.FromTicks(1));
        Assert.False(circuit.TryEnter(out _, out _));

        _clock.Advance(TimeSpan.FromTicks(1));

        var permits = Enumerable.Range(0, 3).Select(_ => (Entered: circuit.TryEnter(out var permit, out var _), Permit: permit)).ToList();
        Assert.All(permits, entry => Assert.True(entry.Entered && entry.Permit.IsProbe));
        Assert.False(circuit.TryEnter(out _, out _));
        permits.ForEach(entry => circuit.Complete(entry.Permit, CircuitOutcome.Success));
        Assert.Equal(CircuitState.Closed, circuit.State);
    }

    [Fact]
    public void A_probe_that_fails_opens_it_for_the_whole_time_again()
    {
        var circuit = new CircuitBreaker(FiveInARow, _clock);
        Repeat(circuit, CircuitOutcome.Error, 5);
        _clock.Advance(TimeSpan.FromSeconds(31));

        Repeat(circuit, CircuitOutcome.Error, 1);

        Assert.False(circuit.TryEnter(out _, out var wait));
        Assert.Equal(TimeSpan.FromSeconds(30), wait);
    }

    [Fact]
    public void A_probe_that_was_called_off_gives_its_place_to_another()
    {
        var circuit = new CircuitBreaker(FiveInARow, _clock);
        Repeat(circuit, CircuitOutcome.Error, 5);
        _clock.Advance(TimeSpan.FromSeconds(31));

        Repeat(circuit, CircuitOutcome.Unknown, 3);

        Assert.Equal(CircuitState.HalfOpen, circuit.State);
        Assert.True(circuit.TryEnter(out _, out _));
    }

    [Fact]
    public void What_a_request_of_before_the_outage_says_is_no_answer_to_a_probe()
    {
        var circuit = new CircuitBreaker(FiveInARow, _clock);
        circuit.TryEnter(out var slow, out _);
        Repeat(circuit, CircuitOutcome.Error, 5);
        _clock.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(CircuitState.HalfOpen, circuit.State);

        circuit.Complete(slow, CircuitOutcome.Error);
        Assert.Equal(CircuitState.HalfOpen, circuit.State);
        circuit.Complete(slow, CircuitOutcome.Success);
        Assert.Equal(CircuitState.HalfOpen, circuit.State);
    }

    [Fact]
    public void The_share_of_errors_opens_it_once_there_are_enough_requests_in_the_window()
    {
        var circuit = new CircuitBreaker(new() { FailureRate = new(50, 20, TimeSpan.FromSeconds(30)) }, _clock);
        Repeat(circuit, CircuitOutcome.Error, 9);
        Repeat(circuit, CircuitOutcome.Success, 10);
        Assert.Equal(CircuitState.Closed, circuit.State);

        Repeat(circuit, CircuitOutcome.Error, 1);
        Assert.Equal(CircuitState.Open, circuit.State);
    }

    [Fact]
    public void Errors_that_have_left_the_window_do_not_count()
    {
        var circuit = new CircuitBreaker(new() { FailureRate = new(50, 20, TimeSpan.FromSeconds(30)) }, _clock);
        Repeat(circuit, CircuitOutcome.Error, 19);
        _clock.Advance(TimeSpan.FromSeconds(30));

        Repeat(circuit, CircuitOutcome.Error, 19);

        Assert.Equal(CircuitState.Closed, circuit.State);
    }

    [Fact]
    public void A_forced_state_holds_until_its_time_and_then_it_begins_anew()
    {
        var until = _clock.GetUtcNow().AddMinutes(10);
        var circuit = new CircuitBreaker(FiveInARow with { Forced = new(Open: true, until, "a bad release") }, _clock);
        Assert.Equal(CircuitState.ForcedOpen, circuit.State);
        Assert.False(circuit.TryEnter(out _, out var wait));
        Assert.Equal(TimeSpan.FromMinutes(10), wait);

        _clock.Advance(TimeSpan.FromMinutes(10));

        Assert.True(circuit.TryEnter(out _, out _));
        Assert.Equal(["forced: a bad release", "no longer forced"], circuit.History.Select(change => change.Reason));
    }

    [Fact]
    public void A_report_says_since_when_and_until_when_the_state_lasts()
    {
        var made = _clock.GetUtcNow();
        var circuit = new CircuitBreaker(FiveInARow, _clock);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal((CircuitState.Closed, made, null), Say());

        Repeat(circuit, CircuitOutcome.Error, 5);
        Assert.Equal((CircuitState.Open, made.AddMinutes(1), made.AddMinutes(1) + FiveInARow.OpenFor), Say());

        circuit.Use(FiveInARow with { Forced = new(Open: true, made.AddHours(1), "drill") });
        Assert.Equal((CircuitState.ForcedOpen, made.AddMinutes(1), made.AddHours(1)), Say());

        (CircuitState State, DateTimeOffset Since, DateTimeOffset? Until) Say() => circuit.Report("shop", "order") is var report ? (report.State, report.Since, report.Until) : default;
    }

    [Fact]
    public void A_circuit_that_is_forced_closed_lets_every_error_through()
    {
        var circuit = new CircuitBreaker(FiveInARow, _clock);
        Repeat(circuit, CircuitOutcome.Error, 5);

        circuit.Use(FiveInARow with { Forced = new(Open: false, _clock.GetUtcNow().AddMinutes(1), "we know better") });
        Repeat(circuit, CircuitOutcome.Error, 50);

        Assert.Equal(CircuitState.ForcedClosed, circuit.State);
    }

    /// <summary>Any sequence of calls, against a machine that is written as the description is: with lists and no shortcuts.</summary>
    [Fact]
    public void It_does_what_a_plain_machine_does() => Gen.Select(Gen.Int[1, 4], Gen.Int[1, 3], Gen.Int[1, 3], Gen.Int[0, 5].Array[1, 150]).Sample((errors, probes, successes, steps) =>
    {
        var clock = new TestClock();
        var options = new CircuitOptions { ConsecutiveErrors = errors, OpenFor = TimeSpan.FromSeconds(10), Probes = probes, Successes = successes };
        var (circuit, machine) = (new CircuitBreaker(options, clock), new PlainMachine(options));
        var underWay = new Queue<(CircuitPermit Permit, int Era)>();
        foreach (var step in steps)
        {
            switch (step)
            {
                case 0 or 1:
                    var entered = circuit.TryEnter(out var permit, out _);
                    Assert.Equal(machine.TryEnter(clock.GetUtcNow()), entered);
                    if (entered)
                    {
                        underWay.Enqueue((permit, machine.Era));
                    }

                    break;
                case 5:
                    clock.Advance(TimeSpan.FromSeconds(4));
                    break;
                default:
                    if (underWay.TryDequeue(out var request))
                    {
                        var outcome = step switch { 2 => CircuitOutcome.Success, 3 => CircuitOutcome.Error, _ => CircuitOutcome.Unknown };
                        circuit.Complete(request.Permit, outcome);
                        machine.Complete(request.Era, outcome, clock.GetUtcNow());
                    }

                    break;
            }

            Assert.Equal(machine.StateAt(clock.GetUtcNow()), circuit.State);
        }
    });

    [Fact]
    public void The_history_is_bounded_and_keeps_the_latest()
    {
        var circuit = new CircuitBreaker(FiveInARow with { ConsecutiveErrors = 1 }, _clock);
        for (var i = 0; i < CircuitBreaker.HistoryLength; i++)
        {
            Repeat(circuit, CircuitOutcome.Error, 1);
            _clock.Advance(TimeSpan.FromSeconds(30));
        }

        var history = circuit.History;
        Assert.Equal(CircuitBreaker.HistoryLength, history.Count);
        Assert.Equal(CircuitState.HalfOpen, history[^1].To);
        Assert.Equal(history.Select(change => change.At).Order(), history.Select(change => change.At));
        Assert.All(history.Zip(history.Skip(1)), pair => Assert.Equal(pair.First.To, pair.Second.From));
    }

    private static void Repeat(CircuitBreaker circuit, CircuitOutcome outcome, int times)
    {
        for (var i = 0; i < times; i++)
        {
            Assert.True(circuit.TryEnter(out var permit, out _));
            circuit.Complete(permit, outcome);
        }
    }

    private sealed class PlainMachine(CircuitOptions options)
    {
        private readonly List<CircuitOutcome> _closedOutcomes = [];
        private readonly List<CircuitOutcome> _probeOutcomes = [];
        private CircuitState _state = CircuitState.Closed;
        private DateTimeOffset _opened;
        private int _probesOut;

        public int Era { get; private set; }

        public CircuitState StateAt(DateTimeOffset now)
        {
            if (_state == CircuitState.Open && now - _opened >= options.OpenFor)
            {
                Enter(CircuitState.HalfOpen);
            }

            return _state;
        }

        public bool TryEnter(DateTimeOffset now)
        {
            switch (StateAt(now))
            {
                case CircuitState.Closed:
                    return true;
                case CircuitState.HalfOpen when _probesOut < options.Probes:
                    _probesOut++;
                    return true;
                default:
                    return false;
            }
        }

        public void Complete(int era, CircuitOutcome outcome, DateTimeOffset now)
        {
            if (StateAt(now) is var state && era != Era)
            {
                return;
            }

            if (state == CircuitState.HalfOpen)
            {
                _probesOut--;
                _probeOutcomes.Add(outcome);
                if (outcome == CircuitOutcome.Error)
                {
                    Open(now);
                }
                else if (_probeOutcomes.Count(probe => probe == CircuitOutcome.Success) >= options.Successes)
                {
                    Enter(CircuitState.Closed);
                }
            }
            else if (outcome != CircuitOutcome.Unknown)
            {
                _closedOutcomes.Add(outcome);
                if (_closedOutcomes.AsEnumerable().Reverse().TakeWhile(past => past == CircuitOutcome.Error).Count() >= options.ConsecutiveErrors)
                {
                    Open(now);
                }
            }
        }

        private void Open(DateTimeOffset now)
        {
            _opened = now;
            Enter(CircuitState.Open);
        }

        private void Enter(CircuitState state)
        {
            (_state, _probesOut) = (state, 0);
            _closedOutcomes.Clear();
            _probeOutcomes.Clear();
            Era++;
        }
    }
}
