using System.Net;
using System.Runtime.InteropServices;
using Fleet;

// The entry point of the container images: `dotnet Fleet.dll order`. What a node agent passes to an instance comes from the environment here.
var environment = Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
    .ToDictionary(e => (string)e.Key, e => (string?)e.Value ?? "");
string Variable(string name, string otherwise) => environment.TryGetValue(name, out var value) && value.Length > 0 ? value : otherwise;

var name = args.FirstOrDefault() ?? Variable("FLEET_SERVICE", "");
var service = FleetImages.Services.FirstOrDefault(s => s.Name == name);
if (service is null)
{
    await Console.Error.WriteLineAsync(
        $"'{name}' is no service of the fleet. Name one as the argument or in FLEET_SERVICE: {string.Join(", ", FleetImages.Services)}.");
    return 2;
}

var listen = Variable("FLEET_LISTEN", "127.0.0.1:8080");
// A number alone would be read as an address, 8080 as 0.0.31.144.
if (!listen.Split(',').All(a => a.Contains(':') && IPEndPoint.TryParse(a, out _)))
{
    await Console.Error.WriteLineAsync($"FLEET_LISTEN is '{listen}', but must be addresses such as 127.0.0.1:8080,127.0.0.1:8090.");
    return 2;
}

await using var app = FleetHost.Build(service, new FleetInstance
{
    Name = Variable("POD_NAME", Environment.MachineName),
    Namespace = Variable("POD_NAMESPACE", "shop"),
    Node = Variable("NODE_NAME", ""),
    Zone = Variable("ZONE", ""),
    Version = Variable("FLEET_VERSION", "dev"),
    Environment = environment,
    Listen = [.. listen.Split(',').Select(IPEndPoint.Parse)],
    Log = Console.Out.WriteLine,
});
using var terminate = StopOn(PosixSignal.SIGTERM);
using var interrupt = StopOn(PosixSignal.SIGINT);
await app.RunAsync();
return 0;

PosixSignalRegistration StopOn(PosixSignal signal) => PosixSignalRegistration.Create(signal, context =>
{
    // Without this the process would end at once, with its requests.
    context.Cancel = true;
    app.Lifetime.StopApplication();
});
