using ControlPlane.Api.Access;
using ControlPlane.Api.Access.Http;
using ControlPlane.Api.Access.SignIn;
using Microsoft.AspNetCore.Components;

namespace ControlPlane.Web.SignIn;

/// <summary>Where people sign in: by a one-time link, with a password, or elsewhere. Works without scripts.</summary>
public sealed partial class SignInPage
{
    [CascadingParameter]
    private HttpContext Context { get; set; } = null!;

    /// <summary>Secret of a one-time link.</summary>
    [SupplyParameterFromQuery(Name = "token")]
    private string? Token { get; set; }

    /// <summary>Where to go then.</summary>
    [SupplyParameterFromQuery(Name = "returnUrl")]
    private string? ReturnUrl { get; set; }

    /// <summary>Why the last try failed.</summary>
    [SupplyParameterFromQuery(Name = "problem")]
    private string? Problem { get; set; }

    /// <summary>Seconds to wait.</summary>
    [SupplyParameterFromQuery(Name = "wait")]
    private int? Wait { get; set; }

    [Inject]
    private AccessOptions Options { get; set; } = null!;

    [Inject]
    private SignInDesk Desk { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    private string Back => LocalAddress.Of(ReturnUrl);

    /// <summary>Only words of ours: what is in the address is anybody's.</summary>
    private string? Words => Problem switch
    {
        null => null,
        "out" => "You are signed out.",
        "wrong" => "Name and password don't go together.",
        "link" => "The link was used already, or is too old. The server's command line prints another.",
        "wait" => $"Too many tries failed. Try again in {Math.Clamp(Wait ?? 1, 1, 3600)} s.",
        "blocked" => "What came from your address looked suspicious, so it is blocked for now. An admin can lift that; a one-time link works all the same.",
        "norole" => "You are known, but have no role here. Ask an admin for one.",
        "sso" => "Single sign-on did not work out. Try again, or sign in another way.",
        "ended" => "You are signed out: your session has ended.",
        _ => "That did not work. Try again.",
    };

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        if (Token is { } token && await SignInEndpoints.RedeemAsync(Context, token, Desk) is { } next)
        {
            Navigation.NavigateTo(next);
        }
    }
}
