using ControlPlane.Api.Live;
using ControlPlane.Api.Problems;
using Microsoft.AspNetCore.Components;

namespace ControlPlane.Web.Live;

/// <summary>A component that follows changes for as long as it is shown, and shows them at most four times a second.</summary>
public abstract class LiveComponent : ComponentBase, IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly CancellationTokenSource _gone = new();
    private readonly List<Task> _followed = [];

    [Inject]
    private TimeProvider Time { get; set; } = null!;

    /// <summary>Cancelled when the component is no longer shown.</summary>
    protected CancellationToken Gone => _gone.Token;

    /// <summary>Why what was tried last did not succeed; null when it did.</summary>
    protected ProblemDescription? Problem { get; private set; }

    /// <summary>Tries something. What goes wrong becomes the <see cref="Problem"/>, unless it is a defect, which the error boundary shows.</summary>
    protected async Task TryAsync(Func<Task> action)
    {
        ArgumentNullException.ThrowIfNull(action);
        Problem = null;
        try
        {
            await action();
        }
        catch (Exception e) when (!ProblemDescription.Of(e).IsDefect)
        {
            Problem = ProblemDescription.Of(e);
        }
    }

    /// <summary>Calls back with the keys that changed, and first of all with none: from then on nothing is missed.</summary>
    protected void Follow<TKey>(ChangeFeed<TKey> feed, Func<IReadOnlySet<TKey>, Task> changed)
        where TKey : notnull
    {
        ArgumentNullException.ThrowIfNull(feed);
        ArgumentNullException.ThrowIfNull(changed);
        _followed.Add(FollowAsync(feed, changed));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _gone.CancelAsync();
        await Task.WhenAll(_followed);
        _gone.Dispose();
        OnGone();
        GC.SuppressFinalize(this);
    }

    /// <summary>Lets go of what the component itself holds.</summary>
    protected virtual void OnGone()
    {
    }

    private async Task FollowAsync<TKey>(ChangeFeed<TKey> feed, Func<IReadOnlySet<TKey>, Task> changed)
        where TKey : notnull
    {
        try
        {
            await foreach (var keys in feed.ReadAsync(Pause, Time, Gone))
            {
                await InvokeAsync(() => changed(keys));
            }
        }
        catch (OperationCanceledException) when (Gone.IsCancellationRequested)
        {
            // The component is gone.
        }
        catch (Exception e)
        {
            await DispatchExceptionAsync(e); // to the error boundary around the component
        }
    }
}
