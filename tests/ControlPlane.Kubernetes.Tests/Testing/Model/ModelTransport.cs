namespace ControlPlane.Kubernetes.Tests.Testing.Model;

/// <summary>The way of one client to a <see cref="ModelApiServer"/>, as reliable as its <see cref="NetworkFaults"/> let it be.</summary>
internal sealed class ModelTransport(ModelApiServer server, NetworkFaults faults) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        HttpResponseMessage Serve() => server.Handle(request.Method, request.RequestUri!, request.Content?.Headers.ContentType?.MediaType, body);
        switch (faults.Next(request.Method))
        {
            case Fault.Refused:
                throw new HttpRequestException("connection refused");
            case Fault.Busy:
                return new HttpResponseMessage(System.Net.HttpStatusCode.ServiceUnavailable);
            case Fault.Lost:
                return await NeverAsync(cancellationToken);
            case Fault.AnswerLost:
                Serve().Dispose();
                return await NeverAsync(cancellationToken);
            case Fault.Late:
                faults.Late.Enqueue(() => Serve().Dispose());
                return await NeverAsync(cancellationToken);
            default:
                return Serve();
        }
    }

    private async Task<HttpResponseMessage> NeverAsync(CancellationToken cancellationToken)
    {
        var never = new TaskCompletionSource<HttpResponseMessage>();
        await using var registration = cancellationToken.Register(() => never.TrySetCanceled(cancellationToken));
        faults.Hanging++;
        try
        {
            return await never.Task;
        }
        finally
        {
            faults.Hanging--;
        }
    }
}
