using ControlPlane.Api.Access.SignIn;
using Microsoft.AspNetCore.Components;

namespace ControlPlane.Web.SignIn;

/// <summary>Where somebody who was invited, or has lost his password, chooses one. Works without scripts.</summary>
public sealed partial class InvitationPage
{
    private string? _name;

    /// <summary>Secret of the invitation.</summary>
    [SupplyParameterFromQuery(Name = "token")]
    private string? Token { get; set; }

    /// <summary>Why the last try failed.</summary>
    [SupplyParameterFromQuery(Name = "problem")]
    private string? Problem { get; set; }

    [Inject]
    private OneTimeLinks Links { get; set; } = null!;

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync() =>
        _name = Token is null ? null : (await Links.LookAsync(Token, LinkPurpose.Invitation, CancellationToken.None)) is { IsDisabled: false } user ? user.Name : null;
}
