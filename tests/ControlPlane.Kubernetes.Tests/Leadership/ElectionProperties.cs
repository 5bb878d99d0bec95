using ControlPlane.Kubernetes.Tests.Testing.Model;
using CsCheck;
using Microsoft.Extensions.Time.Testing;

namespace ControlPlane.Kubernetes.Tests.Leadership;

/// <summary>
/// Three processes with clocks that show different times and run at different speeds, with networks that fail in every way, that sleep and wake,
/// stop and start again: never two of them lead, and when all is well again one does.
/// </summary>
public sealed class ElectionProperties
{
    private const int Processes = 3;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(200);

    private static readonly Gen<int> Who = Gen.Int[0, Processes - 1];
    private static readonly Gen<Fault> Faults = Gen.Enum<Fault>();

    private static readonly Gen<Step> Steps = Gen.Frequency(
        (6, Gen.Int[1, 100].Select(ticks => new Step($"{ticks} ticks", run => run.Pass(ticks)))),
        (3, Gen.Select(Who, Faults, (who, fault) => new Step($"{who}: all requests {fault}", run => run[who].Faults.Next = _ => fault))),
        (2, Gen.Select(Who, Faults, Faults, (who, read, write) => new Step(
            $"{who}: reads {read}, writes {write}", run => run[who].Faults.Next = method => method == HttpMethod.Get ? read : write))),
        (3, Who.Select(who => new Step($"{who}: network works", run => run[who].Faults.Next = _ => Fault.None))),
        (2, Who.Select(who => new Step($"{who}: late requests arrive", run => run.Deliver(who)))),
        (2, Who.Select(who => new Step($"{who}: sleeps", run => run.Sleep(who)))),
        (3, Who.Select(who => new Step($"{who}: wakes", run => run.Wake(who)))),
        (1, Who.Select(who => new Step($"{who}: stops", run => run.Stop(who)))));

    [Fact]
    public void There_are_never_two_leaders_and_in_the_end_there_is_one() =>
        Gen.Select(Gen.Int[90, 110].Array[Processes], Steps.Array[1, 30]).Sample(
            sample =>
            {
                var run = new Run(sample.Item1);
                foreach (var step in sample.Item2)
                {
                    step.Do(run);
                    run.AtMostOneLeads();
                }

                run.Heal();
                run.OneLeads();
            },
            iter: 400,
            print: sample => $"speeds {string.Join(", ", sample.Item1)}: {string.Join("; ", sample.Item2.Select(step => step.Name))}");

    private sealed record Step(string Name, Action<Run> Do);

    private sealed class Run
    {
        private readonly ModelApiServer _server = new();
        private readonly Candidate[] _candidates;
        private readonly int[] _speeds;
        private readonly TimeSpan?[] _asleepFor = new TimeSpan?[Processes];
        private int _lives;

        public Run(int[] speeds)
        {
            _speeds = speeds;
            _candidates = [.. Enumerable.Range(0, Processes).Select(Start)];
        }

        public Candidate this[int who] => _candidates[who];

        /// <summary>Lets time pass on the clocks of those who are awake; a process that has ended is replaced by a fresh one.</summary>
        public void Pass(int ticks)
        {
            for (; ticks > 0; ticks--)
            {
                for (var who = 0; who < Processes; who++)
                {
                    var time = Tick * _speeds[who] / 100;
                    if (_asleepFor[who] is { } asleep)
                    {
                        _asleepFor[who] = asleep + time;
                        continue;
                    }

                    Advance(who, time);
                    if (_candidates[who].Ended.IsCompleted)
                    {
                        _candidates[who] = Start(who);
                    }

                    AtMostOneLeads();
                }
            }
        }

        public void Sleep(int who) => _asleepFor[who] ??= TimeSpan.Zero;

        public void Wake(int who)
        {
            if (_asleepFor[who] is { } missed)
            {
                _asleepFor[who] = null;
                Advance(who, missed);
            }
        }

        public void Stop(int who)
        {
            _candidates[who].Stop();
            _candidates[who].Settle();
        }

        public void Deliver(int who)
        {
            while (_candidates[who].Faults.Late.TryDequeue(out var arrive))
            {
                arrive();
            }
        }

        public void AtMostOneLeads()
        {
            var leaders = Leaders();
            Assert.True(leaders.Count <= 1, $"{string.Join(" and ", leaders)} lead");
        }

        public void OneLeads()
        {
            Assert.Single(Leaders());
            Assert.Single(_candidates, candidate => candidate.IsLeader && candidate.Works);
        }

        public void Heal()
        {
            for (var who = 0; who < Processes; who++)
            {
                _candidates[who].Faults.Next = _ => Fault.None;
                Wake(who);
            }

            Pass(ticks: 200);
        }

        private void Advance(int who, TimeSpan time)
        {
            _candidates[who].Clock.Advance(time);
            _candidates[who].Settle();
        }

        private List<int> Leaders() =>
            [.. Enumerable.Range(0, Processes).Where(who => _asleepFor[who] is null && (_candidates[who].IsLeader || _candidates[who].Works))];

        private Candidate Start(int who) =>
            new(_server, $"{who}-{_lives++}", new FakeTimeProvider(new DateTimeOffset(2000 + (who * 10), 1, 1, 0, 0, 0, TimeSpan.Zero)));
    }
}
