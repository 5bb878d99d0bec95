using ControlPlane.Api.Problems;
using Microsoft.AspNetCore.Components;

namespace ControlPlane.Web.Live;

/// <summary>
/// A component that asks the cluster something and may have to wait, or be told no. The last question counts: an answer to an earlier one is
/// not shown any more.
/// </summary>
public abstract class AskingComponent : ComponentBase, IDisposable
{
    private CancellationTokenSource? _asked;

    /// <summary>Why there is no answer; null when there is none to explain.</summary>
    protected ProblemDescription? Problem { get; private set; }

    /// <summary>True while an answer is awaited.</summary>
    protected bool IsAsking => _asked is not null;

    /// <inheritdoc/>
    public void Dispose()
    {
        Forget();
        OnGone();
        GC.SuppressFinalize(this);
    }

    /// <summary>Lets go of what the component itself holds.</summary>
    protected virtual void OnGone()
    {
    }

    /// <summary>Asks, and shows the answer. What goes wrong becomes the <see cref="Problem"/>, unless it is a defect, which the error boundary shows.</summary>
    protected async Task AskAsync<T>(Func<CancellationToken, Task<T>> question, Action<T> show)
    {
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(show);
        Forget();
        using var asked = new CancellationTokenSource();
        (_asked, Problem) = (asked, null);
        try
        {
            var answer = await question(asked.Token);
            if (_asked == asked)
            {
                show(answer);
            }
        }
        catch (OperationCanceledException) when (asked.IsCancellationRequested)
        {
            // Something else was asked since, or nobody looks any more.
        }
        catch (Exception e) when (_asked == asked && !ProblemDescription.Of(e).IsDefect)
        {
            Problem = ProblemDescription.Of(e);
        }
        finally
        {
            if (_asked == asked)
            {
                _asked = null;
            }
        }
    }

    /// <summary>Gives up what was asked, and what went wrong with it.</summary>
    protected void Forget()
    {
        _asked?.Cancel();
        (_asked, Problem) = (null, null);
    }
}
