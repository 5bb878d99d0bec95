using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Components.Web;

namespace ControlPlane.Web.Shell;

/// <summary>The document that every page lives in.</summary>
public sealed partial class App
{
    private static readonly InteractiveServerRenderMode Interactive = new(prerender: false);

    [CascadingParameter]
    private HttpContext Context { get; set; } = null!;

    /// <summary>The sign-in pages work without a circuit: those who are not signed in get none.</summary>
    private IComponentRenderMode? Mode => Context.AcceptsInteractiveRouting() ? Interactive : null;

    private Theme Theme => Theme.Of(Context.Request.Cookies[Theme.Cookie]);
}
