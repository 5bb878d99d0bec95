using Fleet.Orders;
using Microsoft.Extensions.Logging.Testing;

namespace Fleet.Tests.Orders;

public sealed class CompensationsTests
{
    private readonly FakeLogger _logger = new();
    private readonly List<string> _undone = [];

    [Fact]
    public async Task Steps_are_undone_in_reverse_and_a_failed_one_stops_none()
    {
        var compensations = new Compensations(_logger, TimeProvider.System);
        compensations.Add("first", _ => Undo("first"));
        compensations.Add("second", _ => throw new HttpRequestException("away"));
        compensations.Add("third", _ => Undo("third"));

        await compensations.RunAsync();

        Assert.Equal(["third", "first"], _undone);
        var failure = Assert.Single(_logger.Collector.GetSnapshot(), r => r.Id.Name == "step-not-undone");
        Assert.Equal("second", failure.GetStructuredStateValue("Step"));
    }

    [Fact]
    public async Task What_was_undone_is_not_undone_again()
    {
        var compensations = new Compensations(_logger, TimeProvider.System);
        compensations.Add("only", _ => Undo("only"));

        await compensations.RunAsync();
        await compensations.RunAsync();

        Assert.Equal(["only"], _undone);
    }

    private Task Undo(string step)
    {
        _undone.Add(step);
        return Task.CompletedTask;
    }
}
