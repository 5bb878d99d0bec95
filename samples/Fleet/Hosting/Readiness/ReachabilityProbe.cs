using Fleet.Hosting.Calls;

namespace Fleet.Hosting.Readiness;

/// <summary>
/// Asks the required dependencies that ordinary calls have not reached of late. It runs at its own pace, however often readiness is asked,
/// and asks for health, not readiness: else one unready service would make every service above it unready, layer by layer.
/// </summary>
internal sealed class ReachabilityProbe(
    FleetService service, HttpClient http, DependencyAddresses addresses, Reachability reachability, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PaceWhileUnready = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var required = service.Dependencies.Where(d => !d.Optional).ToArray();
        while (required.Length > 0 && !stoppingToken.IsCancellationRequested)
        {
            await Task.WhenAll(required.Where(d => !reachability.AnsweredWithin(d.Name, Pace)).Select(d => ProbeAsync(d, stoppingToken)));
            var pace = reachability.Unreached().Count > 0 ? PaceWhileUnready : Pace;
            await Task.Delay(pace, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ProbeAsync(Dependency dependency, CancellationToken stoppingToken)
    {
        using var timeout = new CancellationTokenSource(ProbeTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stoppingToken);
        try
        {
            using var response = await http.GetAsync(
                new Uri(addresses[dependency], "/health"), HttpCompletionOption.ResponseHeadersRead, either.Token);
            reachability.Answered(dependency.Name, response.StatusCode);
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            // No answer; the window tells how long that has been so.
        }
    }
}
