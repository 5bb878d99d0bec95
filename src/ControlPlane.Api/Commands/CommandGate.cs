using ControlPlane.Api.Problems;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Api.Commands;

/// <summary>
/// The one way by which anything that people ask for is changed, and so the place for roles and the audit log. There is no sign-in yet: anybody
/// who reaches the port may ask, and every command leaves a line in the log.
/// </summary>
public sealed partial class CommandGate(ILogger<CommandGate> logger)
{
    /// <summary>Runs a command.</summary>
    /// <param name="command">What is done, such as <c>HandOver</c>.</param>
    /// <param name="subject">To what, such as <c>shop/cart</c>.</param>
    /// <param name="action">Does it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<T> RunAsync<T>(string command, string subject, Func<CancellationToken, Task<T>> action, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(action);
        try
        {
            var outcome = await action(cancellationToken);
            LogDone(command, subject);
            return outcome;
        }
        catch (Exception e)
        {
            LogFailed(command, subject, ProblemDescription.Of(e).Title);
            throw;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Command {Command} on {Subject} was answered")]
    private partial void LogDone(string command, string subject);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Command {Command} on {Subject} failed: {Problem}")]
    private partial void LogFailed(string command, string subject, string problem);
}
