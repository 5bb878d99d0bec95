using System.Text;
using Microsoft.AspNetCore.Http;

namespace ControlPlane.Kubernetes.Tests.Testing;

/// <summary>A request that waits for what the test makes of it. Left alone it hangs until the client gives up.</summary>
internal sealed class ScriptedRequest
{
    private readonly HttpContext _context;
    private readonly Dictionary<string, string?> _query;
    private readonly Dictionary<string, string?> _headers;
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ScriptedRequest(HttpContext context, string body)
    {
        _context = context;
        Body = body;
        Method = context.Request.Method;
        Path = context.Request.Path + context.Request.QueryString;
        _query = context.Request.Query.ToDictionary(entry => entry.Key, entry => (string?)entry.Value); // kept: it is read once the request is over
        _headers = context.Request.Headers.ToDictionary(entry => entry.Key, entry => (string?)entry.Value, StringComparer.OrdinalIgnoreCase);
        context.RequestAborted.Register(() => _finished.TrySetResult());
    }

    public string Method { get; }

    /// <summary>Path and query.</summary>
    public string Path { get; }

    public string Body { get; }

    public string? ContentType => Header("Content-Type");

    /// <summary>Completes when the request is answered, or the client has given it up.</summary>
    public Task Finished => _finished.Task;

    public string? Header(string name) => _headers.GetValueOrDefault(name);

    public string? Query(string name) => _query.GetValueOrDefault(name);

    public async Task AnswerAsync(string body, int status = 200, params (string Name, string Value)[] headers)
    {
        _context.Response.StatusCode = status;
        _context.Response.ContentType = "application/json";
        foreach (var (name, value) in headers)
        {
            _context.Response.Headers[name] = value;
        }

        await _context.Response.WriteAsync(body);
        Close();
    }

    /// <summary>Accepts the request and keeps the answer open.</summary>
    public async Task AcceptAsync()
    {
        _context.Response.ContentType = "application/json";
        await _context.Response.StartAsync();
        await _context.Response.Body.FlushAsync();
    }

    /// <summary>Sends a part of the answer.</summary>
    public Task SendAsync(string part) => SendAsync(Encoding.UTF8.GetBytes(part));

    /// <summary>Sends a part of the answer.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> part)
    {
        await _context.Response.Body.WriteAsync(part);
        await _context.Response.Body.FlushAsync();
    }

    /// <summary>Ends the answer as it should end.</summary>
    public void Close() => _finished.TrySetResult();

    /// <summary>Breaks the connection.</summary>
    public void Drop()
    {
        _context.Abort();
        _finished.TrySetResult();
    }
}
