using ControlPlane.Api.Access.Tokens;
using ControlPlane.Api.Access.Users;
using ControlPlane.Api.Store;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ControlPlane.Api.Access.SignIn;

/// <summary>
/// Makes the first admin, leaves an API token for scripts in the data directory, and prints a one-time link to sign in for as long as nobody has
/// signed in. Whoever reads the server's output and its files owns it anyway.
/// </summary>
public sealed class FirstStart(
    IDbContextFactory<ControlPlaneContext> store, StoreOptions place, OneTimeLinks links, AccessOptions options, IServiceProvider services, TimeProvider time) : IHostedLifecycleService
{
    /// <summary>Name of the first admin's account.</summary>
    public const string AdminName = "admin";

    private const string TokenName = "admin.token";

    /// <summary>Makes a link for an admin, whatever happened to passwords and blocks: the way back of whoever runs the server.</summary>
    /// <returns>Path and query.</returns>
    public async Task<string> LinkForAdminAsync(CancellationToken cancellationToken)
    {
        var admin = await AdminAsync(cancellationToken);
        return await links.MakeAsync(admin.Id, LinkPurpose.SignIn, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var context = await store.CreateDbContextAsync(cancellationToken);
        await using var turn = await context.TakeTurnAsync("dabbawala first start", cancellationToken); // of replicas that start at once, one makes what is missing
        var admin = await AdminAsync(cancellationToken);
        await LeaveTokenAsync(admin, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        await using var context = await store.CreateDbContextAsync(cancellationToken);
        if (!await context.Set<User>().AnyAsync(user => user.LastSignIn != null, cancellationToken))
        {
            var admin = await AdminAsync(cancellationToken);
            var link = await links.MakeAnotherAsync(admin.Id, LinkPurpose.SignIn, cancellationToken); // that of another replica must work, too
            await options.Output.WriteLineAsync(Announcement(BaseAddress(), link, options.SignInLinkLifetime));
        }
    }

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>What is printed.</summary>
    public static string Announcement(string address, string link, TimeSpan lifetime) =>
        $"\n  Sign in as admin (works once, within {lifetime.TotalMinutes:0} minutes):\n  {address.TrimEnd('/')}{link}\n";

    private async Task<User> AdminAsync(CancellationToken cancellationToken)
    {
        await using var context = await store.CreateDbContextAsync(cancellationToken);
        var all = await context.Set<User>().Where(user => !user.IsDisabled && user.Issuer == null).OrderBy(user => user.Created).ToListAsync(cancellationToken);
        if (all.Find(user => user.Grants.Contains(new RoleGrant(Role.Admin))) is { } admin)
        {
            return admin;
        }

        admin = new User
        {
            Id = Secret.NewId("u"),
            Name = await context.Set<User>().AnyAsync(user => user.Name == AdminName, cancellationToken) ? $"{AdminName}-{time.GetUtcNow():yyyyMMddHHmmss}" : AdminName,
            DisplayName = "Admin",
            Grants = [new(Role.Admin)],
            Created = time.GetUtcNow(),
        };
        context.Add(admin);
        await context.SaveChangesAsync(cancellationToken);
        return admin;
    }

    /// <summary>Makes the token anew when the file is missing, or holds none that works.</summary>
    private async Task LeaveTokenAsync(User admin, CancellationToken cancellationToken)
    {
        var (file, now) = (Path.Combine(place.DataDirectory, TokenName), time.GetUtcNow());
        await using var context = await store.CreateDbContextAsync(cancellationToken);
        if (File.Exists(file))
        {
            var hash = Secret.Hash((await File.ReadAllTextAsync(file, cancellationToken)).Trim());
            if (await context.Set<ApiToken>().AnyAsync(token => token.SecretHash == hash && token.Expires > now, cancellationToken))
            {
                return;
            }
        }

        var text = TokenText.New();
        Directory.CreateDirectory(place.DataDirectory);
        await context.Set<ApiToken>().Where(token => token.Name == TokenName).ExecuteDeleteAsync(cancellationToken);
        context.Add(new ApiToken
        {
            Id = Secret.NewId("t"),
            Name = TokenName,
            SecretHash = Secret.Hash(text),
            OwnerId = admin.Id,
            Grants = [new(Role.Admin)],
            Created = now,
            Expires = now + options.LongestToken,
        });
        await context.SaveChangesAsync(cancellationToken);
        File.Delete(file); // what is there may be readable by others; the mode is given when a file is made
        await using var stream = PrivateFile.Create(file);
        await using var writer = new StreamWriter(stream);
        await writer.WriteLineAsync(text);
    }

    private string BaseAddress()
    {
        if (options.PublicUrl is { } known)
        {
            return known.ToString();
        }

        var address = services.GetService<IServer>()?.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? "http://127.0.0.1:5080";
        return address.Replace("://0.0.0.0", "://127.0.0.1", StringComparison.Ordinal).Replace("://[::]", "://127.0.0.1", StringComparison.Ordinal)
            .Replace("://*", "://127.0.0.1", StringComparison.Ordinal).Replace("://+", "://127.0.0.1", StringComparison.Ordinal);
    }
}
