using System.Net;
using System.Text.Json.Nodes;

namespace Conformance.Cluster;

/// <summary>One event of a watch.</summary>
internal sealed record Change(string Type, JsonObject Object)
{
    /// <summary>Type and name, such as <c>ADDED web</c>.</summary>
    public override string ToString() => $"{Type} {Object.Text("metadata.name")}";
}

/// <summary>An open watch.</summary>
internal sealed class Watch(HttpResponseMessage response, Stream stream, CancellationTokenSource patience) : IDisposable
{
    private readonly StreamReader _reader = new(stream);
    private readonly List<string> _seen = [];

    /// <summary>How the watch was answered.</summary>
    public HttpStatusCode Code => response.StatusCode;

    /// <summary>The next event; null when the watch has ended.</summary>
    public async Task<Change?> NextAsync()
    {
        try
        {
            if (await _reader.ReadLineAsync(patience.Token) is not { } line)
            {
                return null;
            }

            var json = JsonNode.Parse(line)!;
            var change = new Change(json.Text("type")!, json["object"]!.AsObject());
            _seen.Add(line);
            return change;
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"no further event in time; seen: {string.Join('\n', _seen)}");
            throw;
        }
    }

    /// <summary>The next events.</summary>
    public async Task<IReadOnlyList<Change>> NextAsync(int count)
    {
        var changes = new List<Change>();
        while (changes.Count < count && await NextAsync() is { } change)
        {
            changes.Add(change);
        }

        return changes;
    }

    /// <summary>Reads until an event is as expected, and returns that.</summary>
    public async Task<Change> UntilAsync(Func<Change, bool> expected)
    {
        while (await NextAsync() is { } change)
        {
            if (expected(change))
            {
                return change;
            }
        }

        Assert.Fail($"the watch ended; seen: {string.Join('\n', _seen)}");
        return null!;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _reader.Dispose();
        response.Dispose();
        patience.Dispose();
    }
}
