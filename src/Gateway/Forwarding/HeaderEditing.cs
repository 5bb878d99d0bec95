using System.Net.Http.Headers;
using Gateway.Policies;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Gateway.Forwarding;

/// <summary>Applies edits of headers.</summary>
internal static class HeaderEditing
{
    private const string Host = "Host";

    public static void Apply(HeaderEdits edits, HttpRequestMessage request)
    {
        foreach (var (name, value) in edits.Set)
        {
            Remove(request, name);
            Add(request, name, value);
        }

        foreach (var (name, value) in edits.Add)
        {
            var before = Values(request, name);
            Remove(request, name);
            Add(request, name, before.Length == 0 ? value : $"{before},{value}"); // one line: HttpClient would put blanks between several
        }

        foreach (var name in edits.Remove)
        {
            Remove(request, name);
        }
    }

    /// <summary>Gives a header this value, whatever it had; null removes it.</summary>
    public static void Replace(string name, string? value, HttpRequestMessage request)
    {
        Remove(request, name);
        if (value is not null)
        {
            Add(request, name, value);
        }
    }

    public static void Apply(HeaderEdits edits, IHeaderDictionary headers)
    {
        foreach (var (name, value) in edits.Set)
        {
            headers[name] = value;
        }

        foreach (var (name, value) in edits.Add)
        {
            headers.Append(name, new StringValues(value));
        }

        foreach (var name in edits.Remove)
        {
            headers.Remove(name);
        }
    }

    private static void Add(HttpRequestMessage request, string name, string value)
    {
        if (name.Equals(Host, StringComparison.OrdinalIgnoreCase))
        {
            request.Headers.Host = value;
        }
        else if (!request.Headers.TryAddWithoutValidation(name, value))
        {
            request.Content?.Headers.TryAddWithoutValidation(name, value); // those that speak of the body are kept with the body
        }
    }

    private static void Remove(HttpRequestMessage request, string name)
    {
        if (!TryRemove(request.Headers, name))
        {
            _ = request.Content is not null && TryRemove(request.Content.Headers, name);
        }
    }

    /// <summary>Headers of the other sort can't even be asked for without an exception.</summary>
    private static bool TryRemove(HttpHeaders headers, string name) => headers.NonValidated.Contains(name) && headers.Remove(name);

    private static string Values(HttpRequestMessage request, string name) =>
        request.Headers.NonValidated.TryGetValues(name, out var values) ? string.Join(',', values) : "";
}
