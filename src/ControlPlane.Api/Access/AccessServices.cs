using ControlPlane.Api.Access.Http;
using ControlPlane.Api.Access.Keys;
using ControlPlane.Api.Access.Oidc;
using ControlPlane.Api.Access.Passwords;
using ControlPlane.Api.Access.Sessions;
using ControlPlane.Api.Access.SignIn;
using ControlPlane.Api.Access.Suspicion;
using ControlPlane.Api.Access.Tokens;
using ControlPlane.Api.Access.Users;
using ControlPlane.Api.Access.Workloads;
using ControlPlane.Api.Hosting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ControlPlane.Api.Access;

/// <summary>Puts sign-in and access into a host.</summary>
public static class AccessServices
{
    /// <summary>Name of the antiforgery cookie and of the field in forms.</summary>
    public const string AntiforgeryName = "dabbawala-antiforgery";

    /// <summary>Adds who may what, and how people and programs are known. The store must be added before: it is migrated first.</summary>
    public static IServiceCollection AddAccess(this IServiceCollection services, ControlPlaneOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        services.AddSingleton(options.Access);
        services.AddSingleton<CallerContext>();
        services.AddSingleton<Authorizer>();
        services.AddSingleton<AccessAudit>();
        services.AddSingleton(_ => new PasswordChecks(PasswordCost.Default));
        services.AddSingleton<SignInThrottle>();
        services.AddSingleton<BlockList>();
        services.AddHostedService(static provider => provider.GetRequiredService<BlockList>());
        services.AddSingleton<SuspicionGauge>();
        services.AddSingleton<OneTimeLinks>();
        services.AddSingleton<SessionRegistry>();
        services.AddSingleton<TokenRegistry>();
        services.AddSingleton<IssuerTokens>();
        services.AddSingleton<ServiceAccountTokens>();
        services.AddSingleton<BearerTokens>();
        services.AddSingleton<SignInDesk>();
        services.AddSingleton<UserDirectory>();
        services.AddSingleton<TokenDesk>();
        services.AddSingleton<SessionDesk>();
        services.AddSingleton<BlockDesk>();
        services.AddSingleton<FirstStart>();
        if ((options.Roles & (ControlPlaneRoles.Console | ControlPlaneRoles.Api)) != ControlPlaneRoles.None)
        {
            services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<FirstStart>());
        }

        AddAuthentication(services, options.Access);
        AddProtection(services);
        CallerRates.Add(services);
        services.Configure<ForwardedHeadersOptions>(forwarded => Trust(forwarded, options.Access));
        return services;
    }

    /// <summary>
    /// Knows who asks, and refuses those whom an endpoint is not for. Comes after the exception handler, and before everything that answers.
    /// </summary>
    public static WebApplication UseAccess(this WebApplication app)
    {
        app.UseForwardedHeaders();
        app.UseMiddleware<SecurityHeaders>();
        app.UseRouting();
        app.UseAuthentication();
        app.UseMiddleware<AccessMiddleware>();
        app.UseRateLimiter();
        return app;
    }

    private static void AddAuthentication(IServiceCollection services, AccessOptions options)
    {
        var authentication = services.AddAuthentication(CallerPrincipal.Scheme).AddScheme<AuthenticationSchemeOptions, CallerHandler>(CallerPrincipal.Scheme, configureOptions: null);
        if (options.Oidc is { } oidc)
        {
            SingleSignOn.Add(authentication, oidc);
        }
    }

    private static void AddProtection(IServiceCollection services)
    {
        services.AddDataProtection().SetApplicationName("dabbawala");
        services.AddSingleton<KeyRing>();
        services.AddOptions<KeyManagementOptions>().Configure<KeyRing>(static (keys, ring) => keys.XmlRepository = ring);
        services.AddAntiforgery(antiforgery =>
        {
            antiforgery.Cookie.Name = AntiforgeryName;
            antiforgery.FormFieldName = AntiforgeryName;
            antiforgery.Cookie.SameSite = SameSiteMode.Strict;
            antiforgery.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            antiforgery.SuppressXFrameOptionsHeader = true; // SecurityHeaders says it, and more strictly
        });
    }

    /// <summary>Nobody but the named proxies may say where a request comes from.</summary>
    private static void Trust(ForwardedHeadersOptions forwarded, AccessOptions options)
    {
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        forwarded.ForwardedHeaders = options.Proxies.Count > 0 ? ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost : ForwardedHeaders.None;
        foreach (var proxy in options.Proxies)
        {
            forwarded.KnownProxies.Add(proxy);
        }
    }
}
