using System.Net;
using Gateway.Backends;
using Gateway.Circuits;
using Gateway.Metrics;
using Gateway.Policies;
using Gateway.Rollouts;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;

namespace Gateway.Forwarding;

/// <summary>Sends a request to instances of its backend until one answers, as often and as long as the policy allows.</summary>
internal sealed class Forwarder(IHttpForwarder http, BackendClients clients, Mirroring mirroring, GatewayMetrics metrics, TimeProvider time)
{
    /// <summary>A backend that sends nothing for so long is given up, where nothing else limits it.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(5);

    private static readonly ForwarderRequestConfig Http1 = new() { ActivityTimeout = Silence, Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
    private static readonly ForwarderRequestConfig Http2 = new() { ActivityTimeout = Silence, Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };

    /// <summary>Sends it, and answers the client in any case.</summary>
    public async Task SendAsync(ForwardedRequest request)
    {
        var limit = Limit(request.Rule.RequestTimeout ?? request.Policy.Traffic.RequestTimeout);
        using var whole = limit is { } span ? new CancellationTokenSource(span, time) : null;
        using var either = whole is null ? null : CancellationTokenSource.CreateLinkedTokenSource(whole.Token, request.Context.RequestAborted);
        var cancellationToken = either?.Token ?? request.Context.RequestAborted;
        var pool = request.Backend.Traffic.PoolOf(request.Track);
        try
        {
            if (!await pool.EnterAsync(cancellationToken))
            {
                metrics.Overflowed(request.Backend.Traffic.Name);
                await Answers.OverflowAsync(request.Context, request.Policy.Circuit?.Policy ?? "");
                return;
            }

            try
            {
                await SendAsync(request, whole, cancellationToken);
            }
            finally
            {
                pool.Leave();
            }
        }
        catch (OperationCanceledException) when (whole?.IsCancellationRequested == true && !request.Context.Response.HasStarted)
        {
            await AnswerFailureAsync(request, FailureKinds.Timeout); // while it waited for its turn, its body or its next try
        }
    }

    private async Task SendAsync(ForwardedRequest request, CancellationTokenSource? whole, CancellationToken cancellationToken)
    {
        var traffic = request.Backend.Traffic;
        var options = request.Rule.Retries?.Within(request.Policy.Traffic.Retries) ?? request.Policy.Traffic.Retries;
        var wantsToRepeat = options is { Attempts: > 0 } && options.Methods.Contains(request.Context.Request.Method);
        var isKept = (wantsToRepeat || request.Rule.Mirrors.Count > 0 || request.IsMirrored) && await BodyBuffer.TryKeepAsync(request.Context, cancellationToken);
        var mayRepeat = wantsToRepeat && isKept;
        if (isKept)
        {
            await mirroring.SendAsync(request);
            BodyBuffer.Rewind(request.Context);
        }

        var budget = traffic.BudgetOf(request.Track);
        if (options is not null)
        {
            budget.Requested(time.GetElapsedTime(0));
        }

        var retries = new Retries(mayRepeat ? options : null, budget, time);
        while (true)
        {
            var circuit = traffic.Circuit;
            var (permit, wait) = (default(CircuitPermit), TimeSpan.Zero);
            var isTrial = request.Track == TrackDraw.Trial; // how a canary does says nothing of the service: the rollout judges it
            if ((isTrial ? circuit?.TryPass(out wait) : circuit?.TryEnter(out permit, out wait)) == false)
            {
                await AnswerOpenAsync(request, wait);
                return;
            }

            var result = await TryAsync(request, isTrial ? null : circuit, permit, retries, whole, cancellationToken);
            if (result.IsAnswered || result.IsCalledOff)
            {
                return;
            }

            if (!result.IsRefused && (whole?.IsCancellationRequested == true || !retries.TryTake(result.Failure)))
            {
                await AnswerFailureAsync(request, result.Failure);
                return;
            }

            metrics.Retried(traffic.Name);
            request.Context.Response.Clear();
            BodyBuffer.Rewind(request.Context);
            await Task.Delay(retries.NextPause(), time, cancellationToken);
        }
    }

    private async Task<AttemptResult> TryAsync(
        ForwardedRequest request, CircuitBreaker? circuit, CircuitPermit permit, Retries retries, CancellationTokenSource? whole, CancellationToken cancellationToken)
    {
        var (backend, policy, set) = (request.Backend, request.Policy, request.Backend.Endpoints.Of(request.Track));
        var outcome = CircuitOutcome.Unknown;
        try
        {
            if (backend.Balancer.Choose(set, policy.Traffic.Balancing.Algorithm, request.Hash, request.Tried, time.GetElapsedTime(0)) is not { } endpoint)
            {
                await Answers.NoInstanceAsync(request.Context);
                return AttemptResult.Answered;
            }

            request.Tried.Add(endpoint);
            var result = await SendToAsync(endpoint, request, set.IsHttp2, retries, whole, cancellationToken);
            outcome = Judge(result, policy.Circuit);
            Record(request, endpoint, set, outcome);
            return result;
        }
        finally
        {
            circuit?.Complete(permit, outcome);
        }
    }

    private async Task<AttemptResult> SendToAsync(
        BackendEndpoint endpoint, ForwardedRequest request, bool isHttp2, Retries retries, CancellationTokenSource? whole, CancellationToken cancellationToken)
    {
        var limit = Limit(request.Rule.BackendTimeout ?? request.Policy.Traffic.TryTimeout);
        using var own = limit is { } span ? new CancellationTokenSource(span, time) : null;
        using var either = own is null ? null : CancellationTokenSource.CreateLinkedTokenSource(own.Token, cancellationToken);
        var transformer = new AttemptTransformer(request, retries.TryTake);
        endpoint.Begin();
        try
        {
            var error = await http.SendAsync(
                request.Context, endpoint.Prefix, clients.For(request.Policy.Circuit?.Pool.MaxConnections), isHttp2 ? Http2 : Http1, transformer, either?.Token ?? cancellationToken);
            if (error == ForwarderError.None && request.Track != TrackDraw.Trial)
            {
                request.Keeper?.Complete(request.Context.Response, time.GetElapsedTime(0));
            }

            var isTimeUp = own?.IsCancellationRequested == true || whole?.IsCancellationRequested == true;
            return AttemptResult.Of(error, request.Context, transformer, isTimeUp);
        }
        finally
        {
            endpoint.End();
        }
    }

    private Task AnswerOpenAsync(ForwardedRequest request, TimeSpan wait)
    {
        metrics.CircuitRefused(request.Backend.Traffic.Name);
        var circuit = request.Policy.Circuit;
        var now = time.GetElapsedTime(0);
        if (circuit?.LastGoodMaxAge is { } maxAge && request.Keeper is { } keeper && keeper.Answers.Find(keeper.Key, now, maxAge) is { } answer)
        {
            return Answers.LastGoodAsync(request.Context, answer, now - answer.At, circuit.Policy);
        }

        return circuit?.Fallback is { } fallback
            ? Answers.FallbackAsync(request.Context, fallback, circuit.Policy)
            : Answers.CircuitOpenAsync(request.Context, circuit?.Forced is { } forced && forced.Until > time.GetUtcNow() ? forced.Policy : circuit?.Policy ?? "", wait);
    }

    private static Task AnswerFailureAsync(ForwardedRequest request, FailureKinds failure)
    {
        request.Context.Response.Clear();
        return failure == FailureKinds.Timeout ? Answers.TimedOutAsync(request.Context) : Answers.UnreachableAsync(request.Context);
    }

    private static CircuitOutcome Judge(AttemptResult result, CircuitOptions? options) =>
        result.IsCalledOff ? CircuitOutcome.Unknown
        : (result.Failure & (options ?? DefaultCircuit).CountAsError) != FailureKinds.None ? CircuitOutcome.Error
        : CircuitOutcome.Success;

    private static CircuitOptions DefaultCircuit { get; } = new();

    private void Record(ForwardedRequest request, BackendEndpoint endpoint, EndpointSet set, CircuitOutcome outcome)
    {
        if (request.Policy.Circuit?.Ejection is { } ejection && outcome != CircuitOutcome.Unknown
            && request.Backend.Outliers.Record(endpoint, set, outcome == CircuitOutcome.Error, ejection, time.GetElapsedTime(0)))
        {
            metrics.Ejected(request.Backend.Traffic.Name);
        }
    }

    /// <summary>Zero stands for no limit (GEP-1742).</summary>
    private static TimeSpan? Limit(TimeSpan? limit) => limit is { } span && span > TimeSpan.Zero ? span : null;
}
