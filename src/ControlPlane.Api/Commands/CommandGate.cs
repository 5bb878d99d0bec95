using ControlPlane.Api.Access;
using ControlPlane.Api.Problems;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Api.Commands;

/// <summary>
/// The one way by which anything that people ask for is changed, and so the place for roles and the audit log.
/// </summary>
public sealed partial class CommandGate(Authorizer authorizer, ILogger<CommandGate> logger)
{
    /// <summary>Runs a command, once the caller is allowed to have all of it done.</summary>
    /// <param name="command">What is asked for.</param>
    /// <param name="action">Does it, and tells the trace what was before and after.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="AccessException">The caller may not.</exception>
    public Task<T> RunAsync<T>(Command command, Func<CommandTrace, CancellationToken, Task<T>> action, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(command);
        foreach (var subject in command.Subjects)
        {
            authorizer.Demand(command.Permission, subject.Namespace.Length > 0 ? subject.Namespace : null, subject.Team);
        }

        var what = string.Join(", ", command.Subjects.Take(10).Select(subject => $"{subject.Kind} {subject.Namespace}/{subject.Name}"));
        return RunAsync(command.Permission.Name, what, cancel => action(new CommandTrace(), cancel), cancellationToken);
    }

    private async Task<T> RunAsync<T>(string command, string subject, Func<CancellationToken, Task<T>> action, CancellationToken cancellationToken)
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
