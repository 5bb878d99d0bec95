using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Operators.Discovery;
using Operators.Tests.Testing;

namespace Operators.Tests.Discovery;

public sealed class SelfPreservationPropertyTests
{
    private static readonly Gen<Dictionary<string, InstanceState>> Instances =
        Gen.Dictionary(Gen.OneOf("1", "2", "3", "4"), Gen.Frequency((6, InstanceState.Healthy), (1, InstanceState.NotReady), (1, InstanceState.Terminating)))[0, 4];

    private static readonly Gen<Step> Steps = Gen.Select(
        Gen.OneOf("a", "b", "c"),
        Instances,
        Gen.Frequency((6, 3), (1, 0), (1, 4)),
        Gen.Frequency((6, 0), (2, 10), (2, 31), (1, 900)),
        (service, instances, wanted, seconds) => new Step(service, instances, wanted, TimeSpan.FromSeconds(seconds)));

    private sealed record Step(string Service, Dictionary<string, InstanceState> Instances, int Wanted, TimeSpan Later);

    [Fact]
    public void It_keeps_what_a_plain_reckoning_over_all_instances_would_keep() =>
        Steps.List[1, 40].Sample(
            steps =>
            {
                var time = new FakeTimeProvider();
                var preservation = new SelfPreservation(time);
                var reference = new Reckoning();
                foreach (var step in steps)
                {
                    time.Advance(step.Later);
                    var instances = step.Instances.Select(pair => Instance(step.Service, pair.Key, pair.Value)).ToList();
                    preservation.Observe(Samples.Key(step.Service), instances, step.Wanted);
                    reference.Observe(step.Service, instances, step.Wanted, time.GetUtcNow());

                    Assert.Equal(reference.ActiveSince, preservation.ActiveSince);
                    Assert.Equal(
                        reference.Kept.Order(),
                        ((string[])["a", "b", "c"]).SelectMany(service => preservation.Kept(Samples.Key(service))).Select(kept => $"{kept.Service.Name}{kept.Name}").Order());
                }
            },
            iter: 2000,
            print: steps => string.Join('\n', steps.Select(step => $"+{step.Later.TotalSeconds} s {step.Service}: {string.Join(' ', step.Instances)} of {step.Wanted}")));

    private static Instance Instance(string service, string name, InstanceState state) =>
        new() { Service = Samples.Key(service), Name = name, Address = "10.0.0.1", Ports = [], State = state };

    /// <summary>The rules, read aloud over a list of every instance ever seen.</summary>
    private sealed class Reckoning
    {
        private readonly List<Entry> _entries = [];
        private int _before;

        public DateTimeOffset? ActiveSince { get; private set; }

        public IEnumerable<string> Kept => _entries
            .Where(entry => ActiveSince is not null && entry.MissingSince is not null && entry.State == InstanceState.Healthy)
            .Select(entry => $"{entry.Service}{entry.Name}");

        public void Observe(string service, List<Instance> instances, int wanted, DateTimeOffset now)
        {
            if (ActiveSince is { } since && now - since >= TimeSpan.FromMinutes(15))
            {
                End();
            }

            if (ActiveSince is null)
            {
                _entries.RemoveAll(entry => now - entry.MissingSince > TimeSpan.FromSeconds(30));
            }

            foreach (var entry in _entries.Where(entry => entry.Service == service && entry.MissingSince is null && !instances.Exists(i => i.Name == entry.Name)))
            {
                entry.MissingSince = now;
            }

            _entries.RemoveAll(entry => entry.Service == service && instances.Exists(i => i.Name == entry.Name));
            _entries.AddRange(instances.Where(i => i.State != InstanceState.Terminating).Select(i => new Entry(service, i.Name, i.State)));

            var mine = _entries.Where(entry => entry.Service == service).ToList();
            var missing = mine.Where(entry => entry.MissingSince is not null).OrderBy(entry => entry.MissingSince).ThenBy(entry => entry.Name, StringComparer.Ordinal);
            foreach (var surplus in missing.Take(Math.Max(0, mine.Count - wanted)).ToList())
            {
                _entries.Remove(surplus);
            }

            var gone = _entries.Count(entry => entry.MissingSince is not null);
            var here = _entries.Count - gone;
            if (ActiveSince is null && _entries.Count >= 2 && gone > here)
            {
                ActiveSince = now;
                _before = _entries.Count;
            }
            else if (ActiveSince is not null && (gone == 0 || here >= _before * 0.85))
            {
                End();
            }
        }

        private void End()
        {
            ActiveSince = null;
            _entries.RemoveAll(entry => entry.MissingSince is not null);
        }

        private sealed record Entry(string Service, string Name, InstanceState State)
        {
            public DateTimeOffset? MissingSince { get; set; }
        }
    }
}
