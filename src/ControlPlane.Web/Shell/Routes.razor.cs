using System.Reflection;
using ControlPlane.Api.Access;
using ControlPlane.Api.Access.Http;
using Microsoft.AspNetCore.Components;

namespace ControlPlane.Web.Shell;

/// <summary>Leads an address to its page, or says what is missing to see it.</summary>
public sealed partial class Routes
{
    /// <summary>The colour scheme that the document was rendered with.</summary>
    [Parameter, EditorRequired]
    public Theme Theme { get; set; } = Theme.System;

    [Inject]
    private Authorizer Authorizer { get; set; } = null!;

    private Permission? MissingFor(Type page) =>
        page.GetCustomAttribute<RequiresAttribute>()?.Permission is { } permission && !Authorizer.MaySomewhere(permission) ? permission : null;
}
