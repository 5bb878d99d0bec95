namespace Fleet.Tests.Testing;

/// <summary>Stands for every service that an instance calls.</summary>
internal sealed class StubHandler(Func<HttpRequestMessage, Task<HttpResponseMessage>> answer) : HttpMessageHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        answer(request).WaitAsync(cancellationToken);
}
