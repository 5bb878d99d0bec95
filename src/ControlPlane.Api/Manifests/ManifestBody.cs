using System.Text;
using System.Text.Json;
using ControlPlane.Api.Problems;
using ControlPlane.Kubernetes.Manifests;
using ControlPlane.Kubernetes.Resources;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace ControlPlane.Api.Manifests;

/// <summary>A manifest file in a request.</summary>
/// <param name="File">Name, for messages.</param>
/// <param name="Content">YAML or JSON.</param>
public sealed record ManifestFile(string File, string Content);

/// <summary>Manifest files in a request.</summary>
/// <param name="Manifests">The files.</param>
public sealed record ManifestFiles(IReadOnlyList<ManifestFile> Manifests);

/// <summary>The body of a request that carries manifests: YAML as it is, or JSON: files with names, or one manifest.</summary>
internal sealed class ManifestBody
{
    private readonly string _text;
    private readonly string _file;
    private readonly bool _isJson;

    private ManifestBody(string text, string file, bool isJson) => (_text, _file, _isJson) = (text, file, isJson);

    public static async Task<ManifestBody> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(request.Body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true));
        try
        {
            return new(
                await reader.ReadToEndAsync(cancellationToken),
                request.Query["file"].ToString() is { Length: > 0 } name ? name : "manifest.yaml",
                request.ContentType?.Contains("json", StringComparison.OrdinalIgnoreCase) == true);
        }
        catch (DecoderFallbackException)
        {
            throw RequestException.BadParameter("body", "the body is not UTF-8 text");
        }
    }

    /// <summary>The manifests; there is at least one.</summary>
    /// <exception cref="ManifestException">A text is no YAML.</exception>
    /// <exception cref="RequestException">There is none.</exception>
    public IReadOnlyList<ManifestDocument> Documents()
    {
        var files = TryRead<ManifestFiles>()?.Manifests ?? [new ManifestFile(_file, _text)];
        List<ManifestDocument> documents = [.. files.SelectMany((file, i) => ManifestReader.Read(ContentOf(file, i), file.File ?? _file))];
        return documents.Count > 0 ? documents : throw RequestException.BadParameter("body", "there is no manifest in the body");
    }

    private static string ContentOf(ManifestFile? file, int index) =>
        file?.Content ?? throw RequestException.BadParameter($"manifests[{index}].content", "a manifest file must have content");

    /// <summary>The body as a type of ours; null when it is no JSON of that shape.</summary>
    public T? TryRead<T>()
        where T : class
    {
        try
        {
            return _isJson ? JsonSerializer.Deserialize<T>(_text, KubeJson.Options) : null;
        }
        catch (JsonException)
        {
            return null; // then it is a manifest, or ManifestReader says where it is wrong
        }
    }
}

/// <summary>Routes that take manifests.</summary>
internal static class ManifestRoutes
{
    private const long LargestBody = 4 * 1024 * 1024;

    /// <summary>Says of a route that it takes manifests, and limits their size.</summary>
    public static RouteHandlerBuilder TakesManifests(this RouteHandlerBuilder route) =>
        route.Accepts<ManifestFiles>("application/json", "application/yaml").WithMetadata(new RequestSizeLimitAttribute(LargestBody));
}
