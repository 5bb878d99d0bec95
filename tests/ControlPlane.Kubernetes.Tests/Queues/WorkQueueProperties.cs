using System.Collections.Concurrent;
using ControlPlane.Kubernetes.Queues;
using ControlPlane.Kubernetes.Tests.Testing;
using CsCheck;
using Microsoft.Extensions.Time.Testing;

namespace ControlPlane.Kubernetes.Tests.Queues;

/// <summary>The contract of <see cref="WorkQueue{TKey}"/> under all orders of calls: one at a time against a model, and many at once.</summary>
public sealed class WorkQueueProperties
{
    private static readonly Gen<WorkPriority> Priorities = Gen.Bool.Select(live => live ? WorkPriority.Live : WorkPriority.Background);
    private static readonly Gen<int> Keys = Gen.Int[0, 5];

    private static readonly Gen<Step> Steps = Gen.Frequency(
        (4, Gen.Select(Keys, Priorities, (key, priority) => new Step($"Add({key}, {priority})", run =>
        {
            run.Queue.Add(key, priority);
            run.Model.Add(key, priority);
        }))),
        (3, Gen.Select(Keys, Gen.Int[0, 30], Priorities, (key, delay, priority) => new Step($"AddAfter({key}, {delay}, {priority})", run =>
        {
            run.Queue.AddAfter(key, TimeSpan.FromMilliseconds(delay), priority);
            run.Model.AddAfter(key, delay, priority);
        }))),
        (1, Keys.Select(key => new Step($"AddRateLimited({key})", run =>
        {
            run.Queue.AddRateLimited(key);
            run.Model.AddRateLimited(key);
        }))),
        (1, Keys.Select(key => new Step($"Forget({key})", run =>
        {
            run.Queue.Forget(key);
            run.Model.Forget(key);
        }))),
        (4, Gen.Const(new Step("Take()", run => run.Take()))),
        (3, Keys.Select(key => new Step($"Done({key})", run => run.Done(key)))),
        (2, Gen.Int[1, 20].Select(time => new Step($"Advance({time})", run =>
        {
            run.Clock.Advance(TimeSpan.FromMilliseconds(time));
            run.Model.Advance(time);
        }))));

    [Fact]
    public void It_does_what_the_model_does() => Steps.Array[0, 60].Sample(
        steps =>
        {
            using var run = new Run();
            foreach (var step in steps)
            {
                step.Do(run);
                Assert.Equal(run.Model.Count, run.Queue.Count);
            }
        },
        iter: 5_000,
        print: steps => string.Join("; ", steps.Select(step => step.Name)));

    [Fact]
    public async Task Many_at_once_never_process_a_key_twice_at_once_and_never_miss_an_add()
    {
        var schedules = Gen.Select(Gen.Int[1, 4], Gen.Int[1, 6], Gen.Select(Keys, Gen.Int[0, 9], Priorities).Array[1, 200].Array[1, 4]);
        await schedules.SampleAsync(
            async schedule =>
            {
                var (workers, pace, producers) = schedule;
                var clock = new FakeTimeProvider();
                using var queue = new WorkQueue<int>("test", clock, TestMetrics.Create());
                var board = new Board();
                using var stop = new CancellationTokenSource();
                var working = Enumerable.Range(0, workers).Select(_ => Task.Run(() => WorkAsync(queue, board, pace, stop.Token))).ToList();
                var ticking = Task.Run(() => TickAsync(clock, stop.Token));

                await Task.WhenAll(producers.Select(adds => Task.Run(() => Produce(queue, board, adds))));
                board.LastAddWasMade();
                await Task.WhenAny(board.AllProcessed, Task.WhenAny(working)).WaitAsync(TimeSpan.FromSeconds(20), CancellationToken.None);
                await stop.CancelAsync();
                await Task.WhenAll([.. working, ticking]);
            },
            iter: 60,
            threads: 1);
    }

    private static void Produce(WorkQueue<int> queue, Board board, (int Key, int Delay, WorkPriority Priority)[] adds)
    {
        foreach (var (key, delay, priority) in adds)
        {
            board.Adding(key);
            queue.AddAfter(key, TimeSpan.FromMilliseconds(delay), priority);
        }
    }

    private static async Task WorkAsync(WorkQueue<int> queue, Board board, int pace, CancellationToken cancellationToken)
    {
        try
        {
            for (var i = 0; ; i++)
            {
                var key = (await queue.TakeAsync(cancellationToken)).Key;
                board.Begin(key);
                if (i % pace == 0)
                {
                    await Task.Yield();
                }

                board.End(key);
                queue.Done(key);
            }
        }
        catch (OperationCanceledException)
        {
            // The sample is over.
        }
    }

    private static async Task TickAsync(FakeTimeProvider clock, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            clock.Advance(TimeSpan.FromMilliseconds(1));
            await Task.Yield();
        }
    }

    private sealed record Step(string Name, Action<Run> Do);

    /// <summary>A queue and its model, side by side.</summary>
    private sealed class Run : IDisposable
    {
        public Run() => Queue = new("test", Clock, TestMetrics.Create());

        public FakeTimeProvider Clock { get; } = new();

        public WorkQueue<int> Queue { get; }

        public QueueModel Model { get; } = new();

        public void Take()
        {
            var take = Queue.TakeAsync(new CancellationToken(canceled: Queue.Count == 0)).AsTask();
            Assert.True(take.IsCompleted, "keys are ready and none is given out");
            if (take.IsCompletedSuccessfully)
            {
                Model.Take(take.GetAwaiter().GetResult().Key);
            }
        }

        public void Done(int key)
        {
            if (Model.Processing.Contains(key))
            {
                Queue.Done(key);
                Model.Done(key);
            }
        }

        public void Dispose() => Queue.Dispose();
    }

    /// <summary>Counts the adds of each key, and those that the processing of the key has begun after.</summary>
    private sealed class Board
    {
        private readonly ConcurrentDictionary<int, int> _added = [];
        private readonly ConcurrentDictionary<int, int> _seen = [];
        private readonly ConcurrentDictionary<int, bool> _processing = [];
        private readonly TaskCompletionSource _allProcessed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private volatile bool _lastAddWasMade;

        public Task AllProcessed => _allProcessed.Task;

        public void Adding(int key) => _added.AddOrUpdate(key, 1, static (_, count) => count + 1);

        public void LastAddWasMade()
        {
            _lastAddWasMade = true;
            Check();
        }

        public void Begin(int key)
        {
            Assert.True(_processing.TryAdd(key, true), $"{key} is processed twice at once");
            _seen[key] = _added[key];
        }

        public void End(int key)
        {
            _processing.TryRemove(key, out _);
            Check();
        }

        private void Check()
        {
            if (_lastAddWasMade && _added.All(add => _seen.GetValueOrDefault(add.Key) == add.Value))
            {
                _allProcessed.TrySetResult();
            }
        }
    }
}
