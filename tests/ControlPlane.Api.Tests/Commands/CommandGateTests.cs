using ControlPlane.Api.Commands;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace ControlPlane.Api.Tests.Commands;

public sealed class CommandGateTests
{
    private readonly FakeLogger<CommandGate> _log = new();

    [Fact]
    public async Task A_command_is_on_record_when_it_was_answered()
    {
        Assert.Equal(7, await new CommandGate(_log).RunAsync("HandOver", "shop/cart", _ => Task.FromResult(7), TestContext.Current.CancellationToken));

        Assert.Equal("Command HandOver on shop/cart was answered", Assert.Single(_log.Collector.GetSnapshot()).Message);
    }

    [Fact]
    public async Task A_command_that_failed_is_on_record_without_what_it_said()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => new CommandGate(_log).RunAsync<int>(
            "HandOver", "shop/cart", _ => throw new InvalidOperationException("secret"), TestContext.Current.CancellationToken));

        var record = Assert.Single(_log.Collector.GetSnapshot());
        Assert.Equal(LogLevel.Warning, record.Level);
        Assert.StartsWith("Command HandOver on shop/cart failed", record.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", record.Message, StringComparison.Ordinal);
    }
}
