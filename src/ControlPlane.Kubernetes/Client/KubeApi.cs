using System.Globalization;
using System.Text;
using System.Text.Json;
using ControlPlane.Kubernetes.Resources;

namespace ControlPlane.Kubernetes.Client;

/// <summary>Calls of one Kubernetes API, in bytes or in the caller's own types. Knows verbs and paths, not kinds.</summary>
/// <remarks>
/// Every call throws <see cref="KubeApiException"/> when the API refuses, <see cref="HttpRequestException"/> when it can't be reached and
/// <see cref="TimeoutException"/> when it does not answer. Nothing is retried here: callers are level-triggered and come again.
/// </remarks>
public sealed class KubeApi(KubeConnection connection)
{
    private const string Json = "application/json";

    /// <summary>The connection that it talks over.</summary>
    public KubeConnection Connection { get; } = connection;

    /// <summary>Reads one object.</summary>
    public async Task<T> GetAsync<T>(ResourceType type, ObjectKey key, CancellationToken cancellationToken) =>
        Decode<T>(await GetBytesAsync(type, key, cancellationToken));

    /// <summary>Reads one object as JSON.</summary>
    public Task<byte[]> GetBytesAsync(ResourceType type, ObjectKey key, CancellationToken cancellationToken) =>
        Connection.CallAsync(HttpMethod.Get, type.ObjectPath(key), default, contentType: null, cancellationToken);

    /// <summary>Reads any path of the API, such as <c>/version</c>.</summary>
    public Task<byte[]> GetRawAsync(string pathAndQuery, CancellationToken cancellationToken) =>
        Connection.CallAsync(HttpMethod.Get, pathAndQuery, default, contentType: null, cancellationToken);

    /// <summary>Reads one object; null when there is none.</summary>
    public async Task<T?> FindAsync<T>(ResourceType type, ObjectKey key, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await GetAsync<T>(type, key, cancellationToken);
        }
        catch (KubeApiException e) when (e.IsNotFound)
        {
            return null;
        }
    }

    /// <summary>Reads one page of a list as JSON.</summary>
    public Task<byte[]> ListPageAsync(ResourceType type, ListQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        return Connection.CallAsync(HttpMethod.Get, query.ToPath(type), default, contentType: null, cancellationToken);
    }

    /// <summary>Reads one page of a list while it comes: a page of a fleet is megabytes, and they need not be held at once.</summary>
    internal Task<TPage> ReadPageAsync<TPage>(
        ResourceType type, ListQuery query, Func<Stream, CancellationToken, Task<TPage>> read, CancellationToken cancellationToken) =>
        Connection.ReadAsync(query.ToPath(type), read, cancellationToken);

    /// <summary>Creates an object and returns it as stored.</summary>
    public Task<byte[]> CreateAsync(ResourceType type, string ns, ReadOnlyMemory<byte> body, WriteOptions options, CancellationToken cancellationToken) =>
        WriteAsync(HttpMethod.Post, type.CollectionPath(ns), body, Json, options, cancellationToken);

    /// <summary>Creates a subresource of an object, such as the <c>binding</c> of a pod, and returns the answer.</summary>
    /// <param name="type">Kind of the object.</param>
    /// <param name="key">The object.</param>
    /// <param name="body">The subresource.</param>
    /// <param name="options">Names the subresource.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<byte[]> CreateSubresourceAsync(
        ResourceType type, ObjectKey key, ReadOnlyMemory<byte> body, WriteOptions options, CancellationToken cancellationToken) =>
        WriteAsync(HttpMethod.Post, type.ObjectPath(key), body, Json, options, cancellationToken);

    /// <summary>Replaces an object (or its status) and returns it as stored. The body's resourceVersion, if any, must be the stored one.</summary>
    public Task<byte[]> ReplaceAsync(ResourceType type, ObjectKey key, ReadOnlyMemory<byte> body, WriteOptions options, CancellationToken cancellationToken) =>
        WriteAsync(HttpMethod.Put, type.ObjectPath(key), body, Json, options, cancellationToken);

    /// <summary>Server-side apply; returns the object as stored.</summary>
    public Task<byte[]> ApplyAsync(ResourceType type, ObjectKey key, ReadOnlyMemory<byte> body, WriteOptions options, CancellationToken cancellationToken) =>
        WriteAsync(HttpMethod.Patch, type.ObjectPath(key), body, "application/apply-patch+yaml", options, cancellationToken);

    /// <summary>JSON merge patch (RFC 7386); returns the object as stored.</summary>
    public Task<byte[]> MergePatchAsync(ResourceType type, ObjectKey key, ReadOnlyMemory<byte> body, WriteOptions options, CancellationToken cancellationToken) =>
        WriteAsync(HttpMethod.Patch, type.ObjectPath(key), body, "application/merge-patch+json", options, cancellationToken);

    /// <summary>JSON patch (RFC 6902); returns the object as stored.</summary>
    public Task<byte[]> JsonPatchAsync(ResourceType type, ObjectKey key, ReadOnlyMemory<byte> body, WriteOptions options, CancellationToken cancellationToken) =>
        WriteAsync(HttpMethod.Patch, type.ObjectPath(key), body, "application/json-patch+json", options, cancellationToken);

    /// <summary>Deletes an object; does nothing when it is gone, or when it is another one of the same name.</summary>
    /// <returns>False when there was nothing to delete.</returns>
    public Task<bool> DeleteAsync(ResourceType type, ObjectKey key, DeletePreconditions preconditions, CancellationToken cancellationToken) =>
        DeleteAsync(type, key, preconditions, gracePeriod: null, cancellationToken);

    /// <summary>Deletes an object that is given time to end, such as a pod.</summary>
    /// <param name="type">Its kind.</param>
    /// <param name="key">The object.</param>
    /// <param name="preconditions">What must still hold.</param>
    /// <param name="gracePeriod">How long it may take to end, in whole seconds; zero removes it at once, null leaves it to its own declaration.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>False when there was nothing to delete.</returns>
    public async Task<bool> DeleteAsync(
        ResourceType type, ObjectKey key, DeletePreconditions preconditions, TimeSpan? gracePeriod, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(preconditions);
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                apiVersion = "v1",
                kind = "DeleteOptions",
                propagationPolicy = "Background",
                preconditions = new { uid = preconditions.Uid, resourceVersion = preconditions.ResourceVersion },
                gracePeriodSeconds = (long?)gracePeriod?.TotalSeconds,
            },
            KubeJson.Options);
        try
        {
            await Connection.CallAsync(HttpMethod.Delete, type.ObjectPath(key), body, Json, cancellationToken);
            return true;
        }
        catch (KubeApiException e) when (e.IsNotFound || (e.IsConflict && preconditions is { Uid: not null, ResourceVersion: null }))
        {
            return false;
        }
    }

    private Task<byte[]> WriteAsync(
        HttpMethod method, string path, ReadOnlyMemory<byte> body, string contentType, WriteOptions options, CancellationToken cancellationToken) =>
        Connection.CallAsync(method, options.ToPath(path), body, contentType, cancellationToken);

    private static T Decode<T>(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize<T>(json, KubeJson.Options) ?? throw new JsonException("the Kubernetes API answered null");
}

/// <summary>What a list asks for.</summary>
public sealed record ListQuery
{
    /// <summary>Namespace; null for all.</summary>
    public string? Namespace { get; init; }

    /// <summary>Label selector, as kubectl takes it.</summary>
    public string? LabelSelector { get; init; }

    /// <summary>Field selector, as kubectl takes it.</summary>
    public string? FieldSelector { get; init; }

    /// <summary>Objects per page; 0 for all at once. Default 500.</summary>
    public int Limit { get; init; } = 500;

    /// <summary>Token of the page before; null for the first page.</summary>
    public string? Continue { get; init; }

    internal string ToPath(ResourceType type) => Query.Append(
        type.CollectionPath(Namespace),
        ("labelSelector", LabelSelector),
        ("fieldSelector", FieldSelector),
        ("limit", Limit > 0 ? Limit.ToString(CultureInfo.InvariantCulture) : null),
        ("continue", Continue));
}

/// <summary>How a write is made.</summary>
public sealed record WriteOptions
{
    /// <summary>Name under which the changed fields are recorded.</summary>
    public required string FieldManager { get; init; }

    /// <summary>Take fields from other managers (apply only).</summary>
    public bool Force { get; init; }

    /// <summary>Do everything but store it.</summary>
    public bool DryRun { get; init; }

    /// <summary>Subresource, such as <c>status</c>; null for the object itself.</summary>
    public string? Subresource { get; init; }

    /// <summary>What the API does with unknown or duplicate fields: <c>Ignore</c>, <c>Warn</c> or <c>Strict</c>; null for its own default (Warn).</summary>
    public string? FieldValidation { get; init; }

    internal string ToPath(string objectPath) => Query.Append(
        Subresource is null ? objectPath : $"{objectPath}/{Subresource}",
        ("fieldManager", FieldManager),
        ("force", Force ? "true" : null),
        ("dryRun", DryRun ? "All" : null),
        ("fieldValidation", FieldValidation));
}

/// <summary>What must still hold when an object is deleted.</summary>
/// <param name="Uid">It is still this object, not another one of the same name; null when any will do.</param>
/// <param name="ResourceVersion">It is unchanged; null when any version will do.</param>
public sealed record DeletePreconditions(string? Uid = null, string? ResourceVersion = null);

file static class Query
{
    public static string Append(string path, params ReadOnlySpan<(string Name, string? Value)> parameters)
    {
        var text = new StringBuilder(path);
        var separator = '?';
        foreach (var (name, value) in parameters)
        {
            if (value is not null)
            {
                text.Append(separator).Append(name).Append('=').Append(Uri.EscapeDataString(value));
                separator = '&';
            }
        }

        return text.ToString();
    }
}
