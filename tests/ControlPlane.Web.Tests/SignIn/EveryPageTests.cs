using System.Net;
using System.Reflection;
using ControlPlane.Api.Access;
using ControlPlane.Api.Access.Http;
using ControlPlane.Web.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ControlPlane.Web.Tests.SignIn;

/// <summary>Walks every page with every role and with nobody: one that is added without saying whom it is for fails here.</summary>
public sealed class EveryPageTests(HostedConsole console)
{
    private static IReadOnlyList<(string Address, IAccessRule? Rule)> Pages =>
    [
        .. from type in typeof(App).Assembly.GetTypes()
           from route in type.GetCustomAttributes<RouteAttribute>()
           select (route.Template.Replace("{Namespace}", "shop", StringComparison.Ordinal).Replace("{Name}", "order", StringComparison.Ordinal).Replace("{Number:long}", "1", StringComparison.Ordinal), type.GetCustomAttributes().OfType<IAccessRule>().SingleOrDefault()),
    ];

    /// <summary>The framework adds it, out of reach of our rules, where assets come from the source tree. Without a rule, it is for those who are signed in.</summary>
    private const string DevelopmentFallback = "Fallback {**path:file}";

    [Fact]
    public void Every_page_says_whom_it_is_for() => Assert.Empty(Pages.Where(page => page.Rule is null).Select(page => page.Address));

    [Fact]
    public void Every_endpoint_of_the_console_says_whom_it_is_for() => Assert.Empty(
        console.Services.GetRequiredService<EndpointDataSource>().Endpoints
            .Where(endpoint => endpoint.Metadata.GetMetadata<IAccessRule>() is null && endpoint.DisplayName != DevelopmentFallback)
            .Select(endpoint => endpoint.DisplayName));

    [Fact]
    public async Task Nobody_is_led_to_sign_in_from_every_page_but_those_that_are_for_it()
    {
        using var nobody = console.Browser();
        foreach (var (address, rule) in Pages)
        {
            using var answer = await nobody.GetAsync(address, TestContext.Current.CancellationToken);

            Assert.Equal((address, rule!.IsForAnybody ? HttpStatusCode.OK : HttpStatusCode.Redirect), (address, answer.StatusCode));
            Assert.True(rule.IsForAnybody || answer.Headers.Location!.ToString().StartsWith("/sign-in?returnUrl=", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("viewer")]
    [InlineData("platform-engineer")]
    [InlineData("on-call")]
    [InlineData("compliance-officer")]
    [InlineData("admin")]
    public async Task A_role_gets_the_pages_that_it_holds_and_is_told_of_the_others(string name)
    {
        var role = RoleNames.Parse(name)!.Value;
        using var somebody = await console.SignedInAsync(name);
        foreach (var (address, rule) in Pages)
        {
            using var answer = await somebody.GetAsync(address, TestContext.Current.CancellationToken);

            Assert.Equal((address, rule!.Permission?.IsHeldBy(role) == false ? HttpStatusCode.Forbidden : HttpStatusCode.OK), (address, answer.StatusCode));
        }
    }

    [Fact]
    public async Task The_circuit_is_for_those_who_are_signed_in()
    {
        using var nobody = console.Browser();
        using var answer = await nobody.PostAsync("/_blazor/negotiate?negotiateVersion=1", content: null, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task Another_site_opens_no_circuit_in_the_name_of_somebody()
    {
        using var somebody = await console.SignedInAsync("admin");
        somebody.DefaultRequestHeaders.Add("Origin", "https://evil.example");
        using var answer = await somebody.PostAsync("/_blazor/negotiate?negotiateVersion=1", content: null, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }
}
