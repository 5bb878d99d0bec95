using System.Text.RegularExpressions;
using Compliance.Audit.Testing;
using ControlPlane.Api.Access;
using ControlPlane.Api.Access.SignIn;
using ControlPlane.Api.Hosting;
using ControlPlane.Api.Tests.Testing;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Metrics;
using ControlPlane.Web.Shell;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

[assembly: AssemblyFixture(typeof(ControlPlane.Web.Tests.SignIn.HostedConsole))]

namespace ControlPlane.Web.Tests.SignIn;

/// <summary>The console as it is hosted, over a cluster that does not answer: enough for whom it lets in.</summary>
public sealed partial class HostedConsole : IAsyncLifetime
{
    private readonly string _data = Directory.CreateTempSubdirectory("dabbawala-web-").FullName;
    private WebApplication? _app;

    internal IServiceProvider Services => _app!.Services;

    internal Uri Address => new(_app!.Urls.Single());

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ApplicationName = "ControlPlane.Web", ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.Services.AddTestRecords(new InMemoryAuditLog(), new MemoryLog(TimeProvider.System), Path.Combine(_data, "exports"));
        builder.Services.AddSingleton(provider => KubeConnection.Anonymous(new Uri("http://127.0.0.1:1"), provider.GetRequiredService<RuntimeMetrics>()));
        builder.Services.AddControlPlane(new ControlPlaneOptions
        {
            DataDirectory = _data,
            Roles = ControlPlaneRoles.Console | ControlPlaneRoles.Api,
            Access = new AccessOptions { Output = TextWriter.Null },
        });
        builder.Services.AddConsole();
        _app = builder.Build();
        _app.UseExceptionHandler();
        _app.UseStatusCodePages();
        _app.UseAccess();
        _app.MapControlPlane(_app.Services.GetRequiredService<ControlPlaneOptions>());
        _app.MapConsole();
        await _app.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await (_app?.DisposeAsync() ?? ValueTask.CompletedTask);
        Directory.Delete(_data, recursive: true);
    }

    /// <summary>A browser that keeps cookies and follows no redirect.</summary>
    internal HttpClient Browser()
    {
        var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = Address };
        http.DefaultRequestHeaders.UserAgent.ParseAdd("Mozilla/5.0");
        http.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        return http;
    }

    /// <summary>A browser that somebody with these roles is signed in with.</summary>
    internal async Task<HttpClient> SignedInAsync(params string[] roles)
    {
        var callers = Services.GetRequiredService<CallerContext>();
        callers.Become(Caller.System);
        var directory = Services.GetRequiredService<ControlPlane.Api.Access.Users.UserDirectory>();
        var invited = await directory.InviteAsync(new($"u{Guid.NewGuid():N}", null, null, roles), reason: null, TestContext.Current.CancellationToken);
        var result = await Services.GetRequiredService<SignInDesk>().ByInvitationAsync(
            invited.Link["/invitation?token=".Length..], "a long enough phrase", new Visitor("192.0.2.1", "Mozilla/5.0", "test"), TestContext.Current.CancellationToken);
        var http = Browser();
        http.DefaultRequestHeaders.Add("Cookie", $"dabbawala-session={result.Secret}");
        return http;
    }

    /// <summary>The hidden antiforgery field of a form.</summary>
    internal static string FieldOf(string page) => AntiforgeryField().Match(page).Groups["value"].Value;

    [GeneratedRegex("name=\"dabbawala-antiforgery\" value=\"(?<value>[^\"]+)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex AntiforgeryField();
}
