using ControlPlane.Api.Access;
using ControlPlane.Api.Access.SignIn;
using ControlPlane.Api.Store;

namespace ControlPlane.Web.Startup;

/// <summary>Prints a one-time link for an admin: the way back in when passwords are lost or addresses blocked. Whoever can run this owns the data anyway.</summary>
internal static class SignInLink
{
    public static async Task<int> PrintAsync(HostSettings settings, CancellationToken cancellationToken)
    {
        var options = new AccessOptions { PublicUrl = settings.PublicUrl ?? new Uri(settings.Urls.Split(';')[0].Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal)) };
        await using var services = new ServiceCollection()
            .AddSingleton(TimeProvider.System)
            .AddSingleton(options)
            .AddStore(new StoreOptions(settings.DataDirectory, settings.PostgreSql))
            .AddSingleton<OneTimeLinks>()
            .AddSingleton<FirstStart>()
            .BuildServiceProvider();
        await services.GetRequiredService<StoreMigration>().ApplyAsync(cancellationToken);
        var link = await services.GetRequiredService<FirstStart>().LinkForAdminAsync(cancellationToken);
        await Console.Out.WriteLineAsync(FirstStart.Announcement(options.PublicUrl.ToString(), link, options.SignInLinkLifetime));
        return 0;
    }
}
