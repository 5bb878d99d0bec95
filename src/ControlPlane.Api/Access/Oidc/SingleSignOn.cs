using ControlPlane.Api.Access.Http;
using ControlPlane.Api.Access.SignIn;
using ControlPlane.Api.Access.Users;
using ControlPlane.Api.Store;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace ControlPlane.Api.Access.Oidc;

/// <summary>Sign-in at an OpenID Connect provider: authorisation code with PKCE. What comes of it is a session of ours; the provider's tokens are not kept.</summary>
public static class SingleSignOn
{
    /// <summary>The authentication scheme.</summary>
    public const string Scheme = "oidc";

    internal static void Add(AuthenticationBuilder authentication, OidcOptions oidc) => authentication.AddOpenIdConnect(Scheme, options =>
    {
        options.Authority = oidc.Authority.ToString();
        options.ClientId = oidc.ClientId;
        options.ClientSecret = oidc.ClientSecret;
        options.RequireHttpsMetadata = !oidc.Authority.IsLoopback;
        options.SignInScheme = CallerPrincipal.Scheme;
        options.CallbackPath = "/sign-in/oidc";
        options.ResponseType = OpenIdConnectResponseType.Code;
        options.ResponseMode = OpenIdConnectResponseMode.Query; // a GET, so that Lax cookies come along
        options.UsePkce = true;
        options.MapInboundClaims = false;
        options.GetClaimsFromUserInfoEndpoint = true;
        options.SaveTokens = false;
        options.Scope.Add("email");
        foreach (var scope in oidc.Scopes)
        {
            options.Scope.Add(scope);
        }

        options.ClaimActions.MapUniqueJsonKey(oidc.RoleClaim, oidc.RoleClaim);
        options.TokenValidationParameters.ValidAlgorithms = IssuerTokens.Algorithms;
        foreach (var cookie in (CookieBuilder[])[options.NonceCookie, options.CorrelationCookie])
        {
            cookie.SameSite = SameSiteMode.Lax; // the provider's site sends people back
            cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        }

        options.Events.OnTicketReceived = context => BeginSessionAsync(context, oidc);
        options.Events.OnRemoteFailure = context =>
        {
            context.HandleResponse();
            context.Response.Redirect("/sign-in?problem=sso");
            return Task.CompletedTask;
        };
    });

    private static async Task BeginSessionAsync(TicketReceivedContext context, OidcOptions oidc)
    {
        var services = context.HttpContext.RequestServices;
        var identity = IssuerIdentity.Of((System.Security.Claims.ClaimsIdentity)context.Principal!.Identity!, oidc);
        var user = await KnowAsync(services.GetRequiredService<IDbContextFactory<ControlPlaneContext>>(), identity, oidc, services.GetRequiredService<TimeProvider>(), context.HttpContext.RequestAborted);
        var result = await services.GetRequiredService<SignInDesk>().ByIssuerAsync(user, Visitor.Of(context.HttpContext), context.HttpContext.RequestAborted);
        context.HandleResponse();
        if (result.Refusal is { } refusal)
        {
            context.Response.Redirect($"/sign-in?problem={refusal.ToString().ToLowerInvariant()}");
            return;
        }

        SessionCookie.Write(context.HttpContext, result.Secret!, result.Expires);

        // Browsers send no Strict cookie along a redirect that another site began: the next step must be our own page's.
        context.Response.Redirect($"/sign-in/done{QueryString.Create("returnUrl", LocalAddress.Of(context.ReturnUri))}");
    }

    private static async Task<User> KnowAsync(
        IDbContextFactory<ControlPlaneContext> store, IssuerIdentity identity, OidcOptions oidc, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var context = await store.CreateDbContextAsync(cancellationToken);
        if (await context.Set<User>().SingleOrDefaultAsync(user => user.Id == identity.Id, cancellationToken) is not { } user)
        {
            var name = UserName.Normalize(identity.Subject);
            var isFree = UserName.IsOne(name) && !await context.Set<User>().AnyAsync(other => other.Name == name, cancellationToken);
            user = new User
            {
                Id = identity.Id,
                Name = isFree ? name : identity.Id, // never the account of somebody else who has the same name
                DisplayName = identity.DisplayName,
                Issuer = oidc.Authority.ToString(),
                Grants = identity.Grants,
                Created = time.GetUtcNow(),
            };
            context.Add(user);
        }

        (user.DisplayName, user.Email, user.Grants) = (identity.DisplayName, identity.Email, identity.Grants);
        await context.SaveChangesAsync(cancellationToken);
        return user;
    }
}
