using Fleet.Hosting;
using Fleet.Hosting.Events;
using Fleet.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Testing;

namespace Fleet.Tests.Hosting.Events;

public sealed class EventReadersTests
{
    private readonly ObservedTime _time = new();
    private readonly FakeLogger<EventReaders> _logger = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_event_that_always_fails_is_given_up_and_keeps_back_no_other()
    {
        var handler = new Handler();
        var instance = new FleetInstance { Name = "order-1", Namespace = "shop", Node = "", Zone = "", Version = "1", Listen = [], Log = static _ => { }, Time = _time };
        var topic = instance.Stores.Broker("shop", _time);
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using var readers = new EventReaders(
            [handler], FleetServices.Named("order"), instance, new CurrentRequest(), new EventMetrics(services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>()), _time, _logger);
        await readers.StartAsync(Cancellation);

        topic.Publish("order-events", "BAD", "o-1", new Dictionary<string, string>(), null, null);
        topic.Publish("order-events", "OTHER", "o-2", new Dictionary<string, string>(), null, null);
        topic.Publish("order-events", "GOOD", "o-3", new Dictionary<string, string>(), null, null);
        foreach (var pause in (double[])[0.5, 2, 8])
        {
            await _time.WaitForTimerAsync(TimeSpan.FromSeconds(pause), Cancellation);
            _time.Advance(TimeSpan.FromSeconds(pause));
        }

        await handler.Done.Task.WaitAsync(TimeSpan.FromSeconds(60), Cancellation);
        await readers.StopAsync(Cancellation);
        Assert.Equal(["o-1", "o-1", "o-1", "o-1", "o-3"], handler.Handled);
        Assert.Single(_logger.Collector.GetSnapshot(), record => record.Id.Name == "event-given-up");
    }

    private sealed class Handler : IEventHandler
    {
        public List<string> Handled { get; } = [];

        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string Topic => "order-events";

        public IReadOnlyCollection<string> Types { get; } = ["BAD", "GOOD"];

        public Task HandleAsync(FleetEvent happened, CancellationToken cancellationToken)
        {
            Handled.Add(happened.Key);
            if (happened.Type == "BAD")
            {
                throw new InvalidOperationException("bad");
            }

            Done.SetResult();
            return Task.CompletedTask;
        }
    }
}
