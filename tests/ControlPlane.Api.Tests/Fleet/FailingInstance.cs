using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace ControlPlane.Api.Tests.Fleet;

/// <summary>An instance that is there and says that it can't serve.</summary>
internal sealed class FailingInstance : IAsyncDisposable
{
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly WebApplication _app;

    private FailingInstance()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Parse(Address), 0));
        _app = builder.Build();
        _app.Run(context =>
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            _asked.TrySetResult();
            return Task.CompletedTask;
        });
    }

    /// <summary>Where it listens.</summary>
    public static string Address => "127.0.0.1";

    public int Port => new Uri(_app.Urls.Single()).Port;

    /// <summary>Completes when it was asked for its health.</summary>
    public Task Asked => _asked.Task;

    public static async Task<FailingInstance> StartAsync()
    {
        var instance = new FailingInstance();
        await instance._app.StartAsync();
        return instance;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
