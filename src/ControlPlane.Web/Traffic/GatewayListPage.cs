using ControlPlane.Api.Problems;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;

namespace ControlPlane.Web.Traffic;

/// <summary>A page of what the gateways say, which shows what its address asks for.</summary>
public abstract class GatewayListPage : GatewayComponent
{
    /// <summary>Why the address can't be shown; null when it can.</summary>
    protected ProblemDescription? Unfit { get; private set; }

    /// <summary>Path of the page.</summary>
    protected abstract string Path { get; }

    /// <summary>The address, and where a change of the view goes.</summary>
    [Inject]
    protected NavigationManager Navigation { get; private set; } = null!;

    /// <summary>Takes over what an address asks for.</summary>
    /// <exception cref="RequestException">It asks for what there is not.</exception>
    protected abstract void Show(string address);

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        Navigation.LocationChanged += Moved;
        ReadAddress();
    }

    /// <inheritdoc/>
    protected override void OnGone()
    {
        base.OnGone();
        Navigation.LocationChanged -= Moved;
    }

    private void Moved(object? sender, LocationChangedEventArgs e)
    {
        if (new Uri(e.Location).AbsolutePath == Path)
        {
            ReadAddress();
            StateHasChanged();
        }
    }

    private void ReadAddress()
    {
        try
        {
            Show(Navigation.Uri);
            Unfit = null;
        }
        catch (RequestException e)
        {
            Unfit = ProblemDescription.Of(e);
        }
    }
}
