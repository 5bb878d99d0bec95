using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Tests.Testing;
using ControlPlane.Kubernetes.Tests.Testing.Model;
using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ControlPlane.Kubernetes.Tests.Caching;

/// <summary>
/// Whatever others do to the objects and whatever becomes of the connection meanwhile: in the end the cache is what the server has, and every
/// observer was told a history that makes sense.
/// </summary>
public sealed class CacheProperties
{
    private static readonly Gen<string> Names = Gen.Int[0, 4].Select(number => $"w{number}");

    private static readonly Gen<Step> Steps = Gen.Frequency(
        (6, Names.Select(name => new Step($"write {name}", run => run.Write(name)))),
        (3, Names.Select(name => new Step($"delete {name}", run => run.Delete(name)))),
        (2, Names.Select(name => new Step($"make {name} anew", run =>
        {
            run.Delete(name);
            run.Write(name);
        }))),
        (1, Names.Select(name => new Step($"make {name} unreadable", run => run.Write(name, size: "unreadable")))),
        (2, Gen.Const(new Step("close the watch", run => run.Server.CloseWatches()))),
        (2, Gen.Const(new Step("break the watch", run => run.Server.BreakWatches()))),
        (2, Gen.Const(new Step("forget history", run => run.Server.Compact()))),
        (1, Gen.Const(new Step("bookmark", run => run.Server.Bookmark()))),
        (2, Gen.Select(Gen.Int[1, 4], Gen.Bool, (count, busy) => new Step($"fail {count} requests", run => run.Fail(count, busy ? Fault.Busy : Fault.Refused)))),
        (1, Gen.Const(new Step("subscribe", run => run.Subscribe()))),
        (5, Gen.Int[100, 60_000].Select(time => new Step($"wait {time} ms", run => run.Clock.Advance(TimeSpan.FromMilliseconds(time))))));

    [Fact]
    public async Task The_cache_ends_as_the_server_and_every_observer_heard_a_linear_history() => await Steps.Array[1, 40].SampleAsync(
        async steps =>
        {
            await using var run = new Run();
            foreach (var step in steps)
            {
                step.Do(run);
            }

            run.Heal();
            run.CacheIsWhatTheServerHas();
            run.EveryHistoryIsLinear();
        },
        iter: 300,
        print: steps => string.Join("; ", steps.Select(step => step.Name)));

    private sealed record Step(string Name, Action<Run> Do);

    private sealed class Run : IAsyncDisposable
    {
        private readonly Informer<Widget> _informer;
        private readonly CacheIndex<Widget> _bySize;
        private readonly NetworkFaults _faults = new();
        private readonly List<List<CacheChange<Widget>>> _logs = [];
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _running;

        public Run()
        {
            Server.LargestPage = 2;
            Write("w0");
            Write("w1");
            Write("w2");
            _informer = new(
                Server.Connect(Clock, _faults), Widget.Type, CacheScope.All, Widget.Decoder, TestMetrics.Create(), Clock, NullLogger<Informer<Widget>>.Instance);
            _bySize = _informer.Cache.AddIndex(static item => [$"{item.Spec.Size}"]);
            Subscribe();
            _running = _informer.RunAsync(_stop.Token);
        }

        public FakeTimeProvider Clock { get; } = new();

        public ModelApiServer Server { get; } = new();

        public void Write(string name, JsonNode? size = null)
        {
            var path = PathOf(name);
            size ??= (int)Server.Store.Version % 3;
            if (Server.Store.Find(path) is null)
            {
                Server.Store.Create(path with { Name = null }, JsonNode.Parse(WidgetJson.Object(name, 0))!.AsObject(), "others");
            }

            Server.Store.Update(path, item =>
            {
                item["spec"] = new JsonObject { ["size"] = size.DeepClone(), ["step"] = Server.Store.Version };
                return item;
            }, "others");
        }

        public void Delete(string name)
        {
            if (Server.Store.Find(PathOf(name)) is not null)
            {
                Server.Store.Delete(PathOf(name), uid: null);
            }
        }

        public void Fail(int count, Fault fault) => _faults.Next = _ => count-- > 0 ? fault : Fault.None;

        public void Subscribe()
        {
            var log = new List<CacheChange<Widget>>();
            _logs.Add(log);
            _informer.Cache.Subscribe(log.Add);
        }

        /// <summary>The troubles end: the network works, everything can be read, and enough time passes for the longest pauses.</summary>
        public void Heal()
        {
            _faults.Next = static _ => Fault.None;
            foreach (var name in (string[])["w0", "w1", "w2", "w3", "w4"])
            {
                if (Server.Store.Find(PathOf(name)) is { } item && item["spec"]!["size"]!.GetValueKind() != System.Text.Json.JsonValueKind.Number)
                {
                    Write(name);
                }
            }

            for (var i = 0; i < 4; i++)
            {
                Clock.Advance(TimeSpan.FromMinutes(1));
                Server.Bookmark(); // as servers do every minute
            }
        }

        public void CacheIsWhatTheServerHas()
        {
            var there = Server.Store.List(PathOf(null)).ToDictionary(item => (string)item["metadata"]!["name"]!, item => (string)item["metadata"]!["resourceVersion"]!);
            var here = _informer.Cache.Snapshot().ToDictionary(item => item.Metadata.Name, item => item.Metadata.ResourceVersion!);
            Assert.Equal(there, here);
            Assert.Equal(CachePhase.Live, _informer.State.Phase);
            var indexed = _bySize.Values().SelectMany(value => _bySize.Get(value).Select(item => (value, item))).ToList();
            Assert.Equal(here.Count, indexed.Count);
            Assert.All(indexed, entry => Assert.Same(_informer.Cache.Find(entry.item.Metadata.Key), entry.item));
            Assert.All(indexed, entry => Assert.Equal(entry.value, $"{entry.item.Spec.Size}"));
        }

        public void EveryHistoryIsLinear()
        {
            foreach (var log in _logs)
            {
                foreach (var history in log.GroupBy(change => change.Key))
                {
                    Widget? last = null;
                    foreach (var change in history)
                    {
                        Assert.Equal(last?.Metadata.Uid, change.Old?.Metadata.Uid);
                        Assert.True(last is null || VersionOf(change.Latest) >= VersionOf(last), "time went back");
                        Assert.False(change.New is not null && !ReferenceEquals(last, change.Old), "a state was left out");
                        last = change.New;
                    }

                    Assert.Same(_informer.Cache.Find(history.Key), last);
                    var lives = history.Where(change => change.Old is null).Select(change => change.New!.Metadata.Uid).ToList();
                    Assert.Equal(lives.Distinct(), lives);
                }
            }
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _running;
            _stop.Dispose();
        }

        private static long VersionOf(Widget widget) => long.Parse(widget.Metadata.ResourceVersion!, null);

        private static ModelPath PathOf(string? name) => new("apis/test.dev/v1/widgets", name is null ? null : "ns", name, null);
    }
}
