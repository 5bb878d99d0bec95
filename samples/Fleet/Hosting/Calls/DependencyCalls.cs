using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Fleet.Hosting.Idempotency;
using Fleet.Hosting.Problems;
using Fleet.Hosting.Readiness;

namespace Fleet.Hosting.Calls;

/// <summary>
/// Calls other services: each call has its dependency's time limit, carries the request's id and is measured. A dependency that is away,
/// fails or answers nonsense ends the request with 503 or 504, which name it.
/// </summary>
internal sealed partial class DependencyCalls(
    HttpClient http,
    DependencyAddresses addresses,
    FleetService service,
    CurrentRequest current,
    Reachability reachability,
    CallMetrics metrics,
    TimeProvider time,
    ILogger<DependencyCalls> logger)
{
    /// <summary>Header that tells whom a call is about, by an opaque id: gateways keep the calls about one user together by it.</summary>
    public const string UserHeader = "user-id";

    public Task<CallReply<T>> GetAsync<T>(Dependency dependency, string path, CancellationToken cancellationToken, string? user = null)
        where T : class
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(addresses[dependency], path));
        if (user is not null)
        {
            request.Headers.TryAddWithoutValidation(UserHeader, user);
        }

        return SendAsync<T>(dependency, request, cancellationToken);
    }

    public Task<CallReply<T>> PostAsync<TBody, T>(
        Dependency dependency, string path, TBody body, string idempotencyKey, CancellationToken cancellationToken)
        where T : class
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(addresses[dependency], path))
        {
            Content = JsonContent.Create(body, TypeInfo<TBody>()),
        };
        request.Headers.Add(IdempotencyKeys.Header, idempotencyKey);
        return SendAsync<T>(dependency, request, cancellationToken);
    }

    public Task DeleteAsync(Dependency dependency, string path, CancellationToken cancellationToken) => SendAsync<object>(
        dependency, new HttpRequestMessage(HttpMethod.Delete, new Uri(addresses[dependency], path)), cancellationToken);

    private async Task<CallReply<T>> SendAsync<T>(Dependency dependency, HttpRequestMessage request, CancellationToken cancellationToken)
        where T : class
    {
        using var owned = request;
        request.Options.Set(GatewayHandler.IsCall, true);
        if (current.Id is { } id)
        {
            request.Headers.Add(RequestTelemetry.RequestIdHeader, id);
        }

        using var timeout = new CancellationTokenSource(dependency.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var started = time.GetTimestamp();
        var outcome = "unreachable";
        try
        {
            using var response = await http.SendAsync(request, either.Token);
            outcome = ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
            reachability.Answered(dependency.Name, response.StatusCode);
            return await ReadAsync<T>(response, either.Token);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            outcome = "timeout";
            LogFailed(logger, dependency.Name, outcome, null);
            throw new RefusedException(Problem.DependencyTimedOut(dependency.Name, dependency.Timeout));
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException)
        {
            LogFailed(logger, dependency.Name, outcome, exception);
            throw new RefusedException(Problem.DependencyFailed(dependency.Name));
        }
        finally
        {
            metrics.Called(dependency.Name, outcome, time.GetElapsedTime(started));
        }
    }

    private async Task<CallReply<T>> ReadAsync<T>(HttpResponseMessage response, CancellationToken cancellationToken)
        where T : class
    {
        if (response.IsSuccessStatusCode)
        {
            var value = response.StatusCode == HttpStatusCode.NoContent
                ? null
                : await response.Content.ReadFromJsonAsync(TypeInfo<T>(), cancellationToken);
            return new CallReply<T>(response.StatusCode, value, Refusal: null);
        }

        if ((int)response.StatusCode is >= 400 and < 500)
        {
            var refusal = await response.Content.ReadFromJsonAsync(HostingJson.Default.Refusal, cancellationToken);
            return new CallReply<T>(response.StatusCode, Value: null, refusal);
        }

        throw new HttpRequestException($"Status {(int)response.StatusCode}.", inner: null, response.StatusCode);
    }

    private JsonTypeInfo<T> TypeInfo<T>() => (JsonTypeInfo<T>?)service.Json.GetTypeInfo(typeof(T))
        ?? throw new InvalidOperationException($"{service.Json.GetType()} does not know {typeof(T)}.");

    [LoggerMessage(EventName = "dependency-failed", Level = LogLevel.Warning, Message = "A call of {Dependency} failed")]
    private static partial void LogFailed(ILogger logger, string dependency, string outcome, Exception? exception);
}
