using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Rollouts;
using Operators.Cluster;
using Operators.Discovery;
using Operators.Metrics;
using Operators.Registry.Baseline;
using Operators.Rollouts.Evidence.Contracts;

namespace Operators.Rollouts.Evidence.Sources;

/// <summary>Compares the OpenAPI descriptions that an instance of the canary and one of the stable version serve. They don't change while the two run, so that once is enough.</summary>
internal sealed class ContractSource : IEvidenceSource, IDisposable
{
    private const int MostBytes = 5 * 1024 * 1024;
    private const int MostTold = 5;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly SidePods _pods;
    private readonly IPodNetwork _network;
    private readonly TimeProvider _time;
    private readonly HttpClient _http;

    public ContractSource(SidePods pods, IPodNetwork network, TimeProvider time)
    {
        (_pods, _network, _time) = (pods, network, time);
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false, // nobody follows an instance elsewhere
            UseProxy = false,
            UseCookies = false,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(1),
        })
        {
            Timeout = Timeout.InfiniteTimeSpan, // each question has its own
            MaxResponseContentBufferSize = MostBytes,
        };
    }

    public RolloutMetricType Type => RolloutMetricType.Contract;

    public void Dispose() => _http.Dispose();

    public async Task<SourceFinding> FindAsync(SourceQuestion question, CancellationToken cancellationToken)
    {
        if (question.Known.Values.LastOrDefault(static value => value.Length > 0) is { } known)
        {
            return new() { Value = known, Detail = question.Known.Detail };
        }

        var service = question.Member.Service;
        List<ApiContract> contracts = [.. (service.Spec.Contracts?.Apis ?? []).Where(static api => api is { Type: "OpenAPI", Path: not null })];
        if (contracts.Count == 0)
        {
            throw new MetricsException(MetricsFailure.Unsupported, $"ManagedService {service.Metadata.Name} declares no OpenAPI with a path (spec.contracts.apis)");
        }

        var (stable, canary) = (_pods.Of(service, Tracks.Stable).FirstOrDefault(IsServing), _pods.Of(service, Tracks.Canary).FirstOrDefault(IsServing));
        if (stable is null || canary is null)
        {
            return SourceFinding.Nothing;
        }

        var port = WorkloadPorts.Find(service.Spec.Workload!, name: null)!.Target();
        var breaks = new List<string>();
        foreach (var contract in contracts)
        {
            var old = await ReadAsync(stable, port, contract.Path!, "the stable version", cancellationToken);
            var @new = await ReadAsync(canary, port, contract.Path!, "the canary", cancellationToken);
            breaks.AddRange(ContractComparer.Compare(old, @new).Select(found => $"{contract.Name}: {found}"));
        }

        return breaks.Count == 0
            ? new() { Value = ValueVerdict.Pass, Detail = $"{string.Join(", ", contracts.Select(static contract => contract.Name))}: all that was promised is kept" }
            : new() { Value = ValueVerdict.Fail, Detail = string.Join("; ", breaks.Take(MostTold)) + (breaks.Count > MostTold ? $"; and {breaks.Count - MostTold} more" : "") };
    }

    private static bool IsServing(PodView pod) => pod is { IsReady: true, Status.PodIp: not null };

    private async Task<JsonObject> ReadAsync(PodView pod, int port, string pathAndQuery, string whose, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Patience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            // The path is set apart from the authority: one that begins with two slashes must not lead to another host.
            var (path, query) = pathAndQuery.Split('?', 2) is [var before, var after] ? (before, after) : (pathAndQuery, "");
            var address = new UriBuilder(Uri.UriSchemeHttp, _network.Route(pod.Status.PodIp!), port) { Path = path, Query = query };
            using var response = await _http.GetAsync(address.Uri, either.Token);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                throw new MetricsException(
                    (int)response.StatusCode >= 500 ? MetricsFailure.Failed : MetricsFailure.Unreadable, $"GET {pathAndQuery} of {whose} answered {(int)response.StatusCode}");
            }

            return JsonNode.Parse(await response.Content.ReadAsByteArrayAsync(either.Token)) as JsonObject ?? throw new JsonException("no object");
        }
        catch (JsonException e)
        {
            throw new MetricsException(MetricsFailure.Unreadable, $"GET {pathAndQuery} of {whose} is no OpenAPI in JSON", e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new MetricsException(MetricsFailure.TimedOut, $"GET {pathAndQuery} of {whose} did not answer within {Patience.TotalSeconds:0} s", e);
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            throw new MetricsException(MetricsFailure.Unreadable, $"GET {pathAndQuery} of {whose} is larger than 5 MiB", e);
        }
        catch (HttpRequestException e)
        {
            throw new MetricsException(MetricsFailure.Unreachable, $"GET {pathAndQuery} of {whose} failed ({e.HttpRequestError})", e);
        }
    }
}
