using System.CommandLine;
using System.Globalization;
using Performance;
using Performance.Audit;
using Performance.Canaries;
using Performance.Gateways;
using Performance.Rollouts;

var kubeconfig = new Option<string?>("--kubeconfig") { Description = "The API server to measure on. Default: the embedded cluster, as a process of its own." };
var services = new Option<string>("--services") { Description = "Numbers of services, comma-separated.", DefaultValueFactory = static _ => "100,1000" };
var samples = new Option<int>("--samples") { Description = "Edits for each latency.", DefaultValueFactory = static _ => 400 };
var steady = new Option<int>("--steady") { Description = "Seconds to watch the converged fleet.", DefaultValueFactory = static _ => 60 };
var kills = new Option<int>("--kills") { Description = "Kill the operator so often while it converges, instead of measuring.", DefaultValueFactory = static _ => 0 };

var command = new RootCommand("Measures the registry operator against a bare loop of the same writes.") { kubeconfig, services, samples, steady, kills };
command.SetAction(async (result, cancellationToken) =>
{
    await using var cluster = await MeasuredCluster.OpenAsync(result.GetValue(kubeconfig), cancellationToken);
    foreach (var size in result.GetValue(services)!.Split(',').Select(text => int.Parse(text, CultureInfo.InvariantCulture)))
    {
        if (result.GetValue(kills) > 0)
        {
            await KillRun.RunAsync(cluster, size, result.GetValue(kills), cancellationToken);
        }
        else
        {
            await MeasuredRun.RunAsync(cluster, size, result.GetValue(samples), TimeSpan.FromSeconds(result.GetValue(steady)), cancellationToken);
        }
    }
});

var events = new Option<int>("--events") { Description = "Events to append in batches.", DefaultValueFactory = static _ => 500_000 };
var directory = new Option<string>("--directory") { Description = "Where to write: the disk under measurement.", DefaultValueFactory = static _ => Path.GetTempPath() };
var audit = new Command("audit", "Measures the audit log against a bare SQLite insert and the disk's own fsync.") { events, directory };
audit.SetAction((result, cancellationToken) => AuditBenchmark.RunAsync(result.GetValue(directory)!, result.GetValue(events), cancellationToken));
command.Subcommands.Add(audit);

var rows = new Option<int>("--rows") { Description = "Entries of the log.", DefaultValueFactory = static _ => 1_000_000 };
var proofs = new Command("proofs", "Measures proofs, an export, and its verification.") { rows };
proofs.SetAction((result, cancellationToken) => ProofRun.RunAsync(result.GetValue(rows), cancellationToken));
command.Subcommands.Add(proofs);

var routes = new Option<string>("--routes") { Description = "Numbers of services, each with a route and a policy, comma-separated.", DefaultValueFactory = static _ => "10,1000" };
var seconds = new Option<int>("--seconds") { Description = "Length of each measurement.", DefaultValueFactory = static _ => 10 };
var gateway = new Command("gateway", "Measures the gateway beside nginx and HAProxy (needs nginx-light, haproxy and wrk).") { routes, seconds };
gateway.SetAction((result, cancellationToken) => GatewayBenchmark.RunAsync(
    [.. result.GetValue(routes)!.Split(',').Select(text => int.Parse(text, CultureInfo.InvariantCulture))], result.GetValue(seconds), cancellationToken));
command.Subcommands.Add(gateway);

var drawn = new Option<int>("--canaries") { Description = "Canaries of each case.", DefaultValueFactory = static _ => 2000 };
var canaries = new Command("canaries", "Simulates canaries, and measures how well each judge finds the bad ones.") { drawn };
canaries.SetAction(result => CanarySimulation.Run(result.GetValue(drawn)));
command.Subcommands.Add(canaries);

var number = new Option<int>("--rollouts") { Description = "Rollouts that are under way at once.", DefaultValueFactory = static _ => 1000 };
var hours = new Option<int>("--hours") { Description = "Hours of the simulated day.", DefaultValueFactory = static _ => 24 };
var rollouts = new Command("rollouts", "Measures many rollouts at once, and a day of them on a clock that is moved.") { number, hours };
rollouts.SetAction((result, cancellationToken) => RolloutScale.RunAsync(result.GetValue(number), result.GetValue(hours), cancellationToken));
command.Subcommands.Add(rollouts);
return await command.Parse(args).InvokeAsync();
