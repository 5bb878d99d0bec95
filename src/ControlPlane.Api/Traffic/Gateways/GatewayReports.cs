using ControlPlane.Kubernetes.Resources.Traffic.Reports;

namespace ControlPlane.Api.Traffic.Gateways;

/// <summary>What the gateways said last.</summary>
/// <param name="Reports">One of each gateway that answers.</param>
/// <param name="Silent">Those that don't, and why.</param>
public sealed record GatewayAnswers(IReadOnlyList<GatewayReport> Reports, IReadOnlyList<SilentGateway> Silent);

/// <summary>Something that policies say and a gateway can't do now, because what it needs is away.</summary>
/// <param name="Gateway">The gateway.</param>
/// <param name="Namespace">Namespace of the service that it concerns.</param>
/// <param name="Service">The service.</param>
/// <param name="Message">The setting, and what is away.</param>
public sealed record GatewayShortfall(string Gateway, string Namespace, string Service, string Message);

/// <summary>A gateway that does not answer.</summary>
/// <param name="Gateway">Its name.</param>
/// <param name="Problem">Why, for people.</param>
public sealed record SilentGateway(string Gateway, string Problem);

/// <summary>
/// Asks the gateways, all at once. However many people look, they are asked one time after the other, and everybody who comes meanwhile shares the
/// next time: an answer is never older than the question. Nobody asks them while nobody looks.
/// </summary>
public sealed class GatewayReports(IEnumerable<IGatewaySource> gateways)
{
    private readonly IReadOnlyList<IGatewaySource> _gateways = [.. gateways];
    private readonly Lock _gate = new();
    private Task<GatewayAnswers>? _asking;
    private Task<GatewayAnswers>? _next;

    /// <summary>What they say now.</summary>
    public Task<GatewayAnswers> ReadAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var answers = _asking is { IsCompleted: false } ? _next ??= AskAfterAsync(_asking) : _asking = AskAllAsync();
            return answers.WaitAsync(cancellationToken);
        }
    }

    private async Task<GatewayAnswers> AskAfterAsync(Task before)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding); // the lock is held until this is the next
        lock (_gate)
        {
            (_asking, _next) = (_next, null);
        }

        return await AskAllAsync();
    }

    /// <summary>Shared by those who ask, so that none of them can call it off; each source has a time of its own.</summary>
    private async Task<GatewayAnswers> AskAllAsync()
    {
        var answers = await Task.WhenAll(_gateways.Select(static gateway => AskAsync(gateway, CancellationToken.None)));
        return new([.. answers.Select(static answer => answer.Report).OfType<GatewayReport>()], [.. answers.Select(static answer => answer.Silent).OfType<SilentGateway>()]);
    }

    private static async Task<(GatewayReport? Report, SilentGateway? Silent)> AskAsync(IGatewaySource gateway, CancellationToken cancellationToken)
    {
        try
        {
            return (await gateway.ReadAsync(cancellationToken), null);
        }
        catch (GatewayUnavailableException e)
        {
            return (null, new(gateway.Name, e.Message));
        }
    }
}
