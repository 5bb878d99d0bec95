using System.Diagnostics;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace ControlPlane.Web.Elements;

/// <summary>
/// Keeps what goes wrong in one panel inside of it: the rest of the page lives on, the failure is logged under the trace id that people see,
/// and the panel can be tried again.
/// </summary>
public sealed partial class Boundary : ErrorBoundaryBase
{
    private string? _traceId;

    /// <summary>What the panel holds, for the log.</summary>
    [Parameter, EditorRequired]
    public string Name { get; set; } = "";

    [Inject]
    private ILogger<Boundary> Logger { get; set; } = null!;

    /// <inheritdoc/>
    protected override Task OnErrorAsync(Exception exception)
    {
        if (!ControlPlane.Api.Problems.ProblemDescription.Of(exception).IsDefect)
        {
            _traceId = null;
            return Task.CompletedTask;
        }

        _traceId = System.Diagnostics.Activity.Current?.TraceId.ToString() ?? ActivityTraceId.CreateRandom().ToString();
        LogFailure(Logger, exception, Name, _traceId);
        return Task.CompletedTask;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The panel {Panel} failed; trace id {TraceId}")]
    private static partial void LogFailure(ILogger logger, Exception exception, string panel, string traceId);
}
