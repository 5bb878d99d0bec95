using ControlPlane.Api.Access;
using ControlPlane.Api.Commands;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace ControlPlane.Api.Tests.Commands;

public sealed class CommandGateTests
{
    private static readonly Command HandOver = new(Permissions.HandOver, new CommandSubject("ManagedService", "shop", "cart"));

    private readonly FakeLogger<CommandGate> _log = new();
    private readonly CallerContext _callers = new();
    private readonly CommandGate _gate;

    public CommandGateTests() => _gate = new CommandGate(new Authorizer(_callers), _log);

    [Fact]
    public async Task A_command_is_on_record_when_it_was_answered()
    {
        _callers.Become(Caller.System);

        Assert.Equal(7, await _gate.RunAsync(HandOver, (_, _) => Task.FromResult(7), TestContext.Current.CancellationToken));

        Assert.Equal("Command services.handover on ManagedService shop/cart was answered", Assert.Single(_log.Collector.GetSnapshot()).Message);
    }

    [Fact]
    public async Task A_command_that_failed_is_on_record_without_what_it_said()
    {
        _callers.Become(Caller.System);

        await Assert.ThrowsAsync<InvalidOperationException>(() => _gate.RunAsync<int>(HandOver, (_, _) => throw new InvalidOperationException("secret"), TestContext.Current.CancellationToken));

        var record = Assert.Single(_log.Collector.GetSnapshot());
        Assert.Equal(LogLevel.Warning, record.Level);
        Assert.DoesNotContain("secret", record.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_is_refused_where_the_caller_may_not()
    {
        _callers.Become(Caller.System with { Grants = [new(Role.PlatformEngineer, "pay")] });

        await Assert.ThrowsAsync<AccessException>(() => _gate.RunAsync(HandOver, (_, _) => Task.FromResult(7), TestContext.Current.CancellationToken));
    }
}
