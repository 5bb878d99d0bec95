using ControlPlane.Api.Access.Http;
using ControlPlane.Web.Actors;
using ControlPlane.Web.Live;
using ControlPlane.Web.SignIn;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;
using MudBlazor;
using MudBlazor.Services;

namespace ControlPlane.Web.Shell;

/// <summary>Puts the console into a host.</summary>
internal static class ConsoleHosting
{
    /// <summary>Adds pages, and what renders them.</summary>
    public static IServiceCollection AddConsole(this IServiceCollection services)
    {
        services.AddPageServices();
        services.AddScoped<AuthenticationStateProvider, SessionState>();
        services.AddScoped<CircuitHandler, CircuitCaller>();
        services.AddRazorComponents().AddInteractiveServerComponents(options =>
        {
            // A lost circuit costs nothing but a reload: all that matters is in the address. So few are kept, and not for long.
            options.DisconnectedCircuitMaxRetained = 50;
            options.DisconnectedCircuitRetentionPeriod = TimeSpan.FromMinutes(2);
        });
        return services;
    }

    /// <summary>Adds what pages need, whatever renders them.</summary>
    public static IServiceCollection AddPageServices(this IServiceCollection services)
    {
        services.AddMudServices(options =>
        {
            options.SnackbarConfiguration.PositionClass = Defaults.Classes.Position.BottomRight;
            options.SnackbarConfiguration.PreventDuplicates = true;
        });
        services.AddScoped<Ticker>();
        services.AddScoped<Browser>();
        services.AddScoped<ActorBook>();
        return services;
    }

    /// <summary>Serves the pages.</summary>
    public static void MapConsole(this WebApplication app)
    {
        app.UseAntiforgery();
        app.MapStaticAssets().ForAnybody("style sheets and scripts, which hold nothing of anybody's fleet");
        app.MapSignIn();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(options => options.ContentSecurityFrameAncestorsPolicy = null).ElseForSignedIn();
    }
}
