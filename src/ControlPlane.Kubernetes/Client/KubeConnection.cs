using System.Net.Http.Headers;
using ControlPlane.Kubernetes.Metrics;
using k8s;

namespace ControlPlane.Kubernetes.Client;

/// <summary>
/// An authenticated way to one Kubernetes API. KubernetesClient reads the configuration (kubeconfig, exec plug-ins, in-cluster tokens, TLS);
/// requests go over its <see cref="HttpClient"/> as bytes, because its typed calls cost several times more (docs/adr/0002).
/// </summary>
public sealed class KubeConnection : IDisposable
{
    /// <summary>What our requests say of who sends them, for the logs of API servers.</summary>
    public const string UserAgent = "dabbawala";

    private readonly k8s.Kubernetes _kubernetes;
    private readonly RuntimeMetrics _metrics;

    /// <summary>Opens a connection. Nothing is sent until the first request.</summary>
    public KubeConnection(KubernetesClientConfiguration configuration, RuntimeMetrics metrics)
        : this(configuration, metrics, handlers: [])
    {
    }

    /// <summary>Opens a connection whose requests pass through handlers on their way.</summary>
    internal KubeConnection(KubernetesClientConfiguration configuration, RuntimeMetrics metrics, params DelegatingHandler[] handlers)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(metrics);
        _metrics = metrics;
        Server = new Uri(configuration.Host.TrimEnd('/') + '/'); // with its path, if it has one: some proxies serve many clusters
        configuration.HttpClientTimeout = Timeout.InfiniteTimeSpan; // watches live for minutes; every other call has a limit of its own
        _kubernetes = new k8s.Kubernetes(configuration, handlers);
        _kubernetes.HttpClient.Timeout = Timeout.InfiniteTimeSpan;
        _kubernetes.HttpClient.DefaultRequestHeaders.UserAgent.Clear();
        _kubernetes.HttpClient.DefaultRequestHeaders.UserAgent.ParseAdd(UserAgent);
    }

    /// <summary>Address of the API server, with a slash at the end.</summary>
    public Uri Server { get; }

    /// <summary>Clock of <see cref="CallTimeout"/>. Default the system's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Longest time that a call other than a watch may take. Default 30 s.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Connects as a kubeconfig file says.</summary>
    /// <param name="path">The file.</param>
    /// <param name="context">A context of it; null for its current one.</param>
    /// <param name="metrics">Where requests are counted.</param>
    public static KubeConnection FromKubeconfig(string path, string? context, RuntimeMetrics metrics) =>
        new(KubeconfigFile.Read(path, context), metrics);

    /// <summary>Connects as the pod's service account.</summary>
    public static KubeConnection InCluster(RuntimeMetrics metrics) => new(KubernetesClientConfiguration.InClusterConfig(), metrics);

    /// <summary>True when the process runs in a pod with a service account token.</summary>
    public static bool IsInCluster => KubernetesClientConfiguration.IsInCluster();

    /// <summary>Connects to an API server that asks for no credentials, such as LocalCluster.</summary>
    public static KubeConnection Anonymous(Uri server, RuntimeMetrics metrics)
    {
        ArgumentNullException.ThrowIfNull(server);
        return new(new KubernetesClientConfiguration { Host = server.ToString() }, metrics);
    }

    /// <summary>Sends a request and returns the whole answer.</summary>
    /// <exception cref="KubeApiException">The API answered with an error.</exception>
    /// <exception cref="HttpRequestException">The API could not be reached.</exception>
    /// <exception cref="TimeoutException">The API did not answer within <see cref="CallTimeout"/>.</exception>
    internal Task<byte[]> CallAsync(HttpMethod method, string pathAndQuery, ReadOnlyMemory<byte> body, string? contentType, CancellationToken cancellationToken) =>
        CallAsync(method, pathAndQuery, body, contentType, static (answer, cancel) => answer.ReadAsByteArrayAsync(cancel), cancellationToken);

    /// <summary>Sends a read and has the answer read while it comes, within the same time limit.</summary>
    /// <inheritdoc cref="CallAsync(HttpMethod, string, ReadOnlyMemory{byte}, string?, CancellationToken)" path="/exception"/>
    internal Task<T> ReadAsync<T>(string pathAndQuery, Func<Stream, CancellationToken, Task<T>> read, CancellationToken cancellationToken) => CallAsync(
        HttpMethod.Get,
        pathAndQuery,
        body: default,
        contentType: null,
        async (answer, cancel) => await read(await answer.ReadAsStreamAsync(cancel), cancel),
        cancellationToken);

    private async Task<T> CallAsync<T>(
        HttpMethod method,
        string pathAndQuery,
        ReadOnlyMemory<byte> body,
        string? contentType,
        Func<HttpContent, CancellationToken, Task<T>> read,
        CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(CallTimeout, Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            using var response = await SendAsync(method, pathAndQuery, body, contentType, either.Token);
            return await read(response.Content, either.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"the Kubernetes API did not answer {method} {PathOf(pathAndQuery)} within {CallTimeout.TotalSeconds:0} s", e);
        }
    }

    /// <summary>Opens a stream, such as a watch; returns once the headers are there. The caller disposes the response.</summary>
    internal Task<HttpResponseMessage> OpenAsync(string pathAndQuery, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, pathAndQuery, default, contentType: null, cancellationToken);

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string pathAndQuery, ReadOnlyMemory<byte> body, string? contentType, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri(Server, pathAndQuery.TrimStart('/')));
        request.Headers.Accept.Add(JsonAccept);
        if (contentType is not null)
        {
            request.Content = new ReadOnlyMemoryContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(contentType);
        }

        await AuthenticateAsync(request, cancellationToken);
        HttpResponseMessage response;
        try
        {
            response = await _kubernetes.HttpClient.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
        catch (HttpRequestException)
        {
            _metrics.Request(method, Server, code: "<error>");
            throw;
        }

        _metrics.Request(method, Server, ((int)response.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture));
        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            var text = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            throw KubeApiException.FromBody(response.StatusCode, text, response.Headers.RetryAfter?.Delta);
        }
    }

    private async Task AuthenticateAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (_kubernetes.Credentials is not { } credentials)
        {
            return;
        }

        try
        {
            await credentials.ProcessHttpRequestAsync(request, cancellationToken);
        }
#pragma warning disable CA1031 // exec plug-ins, token files and identity providers each fail in their own way; to a caller the API can't be reached
        catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
        {
            throw new HttpRequestException($"no credentials for {Server}: {e.Message}", e);
        }
    }

    private static readonly MediaTypeWithQualityHeaderValue JsonAccept = new("application/json");

    private static string PathOf(string pathAndQuery) => pathAndQuery.Split('?', 2)[0];

    /// <inheritdoc/>
    public void Dispose() => _kubernetes.Dispose();
}
