using Compliance.Audit.Notes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Witness.Tests;

/// <summary>The real program on the loopback address, with a clock that stands still.</summary>
internal sealed class RunningWitness : IAsyncDisposable
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);
    private readonly WebApplication _app;

    private RunningWitness(WebApplication app, string folder)
    {
        _app = app;
        Url = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        Key = NoteKeyFile.Read(Path.Combine(folder, "witness.key")).Verifier;
    }

    public Uri Url { get; }

    public NoteVerifier Key { get; }

    public static async Task<RunningWitness> StartAsync(string folder, NoteVerifier log, int port = 0)
    {
        var app = WitnessApp.Build(new WitnessOptions("witness.example/w1", [log.ToString()], folder, $"http://127.0.0.1:{port}"), new FakeTimeProvider(Noon));
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new RunningWitness(app, folder);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
