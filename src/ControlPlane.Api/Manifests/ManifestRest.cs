using System.Net;
using System.Text;
using System.Text.Json;
using ControlPlane.Api.Plans;
using ControlPlane.Api.Problems;
using ControlPlane.Kubernetes.Manifests;
using ControlPlane.Kubernetes.Resources;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace ControlPlane.Api.Manifests;

/// <summary>A manifest file in a request.</summary>
/// <param name="File">Name, for messages.</param>
/// <param name="Content">YAML or JSON.</param>
public sealed record ManifestFile(string File, string Content);

/// <summary>Manifest files in a request.</summary>
/// <param name="Manifests">The files.</param>
public sealed record ManifestFiles(IReadOnlyList<ManifestFile> Manifests);

/// <summary>REST: preview and application of manifests.</summary>
public static class ManifestRest
{
    private const long LargestBody = 4 * 1024 * 1024;

    /// <summary>Maps the routes.</summary>
    public static RouteGroupBuilder MapManifests(this RouteGroupBuilder api)
    {
        api.MapPost("/plans", Plan)
            .WithTags("Manifests")
            .WithSummary("Says what applying manifests would do, object by object, without writing anything.")
            .Accepts<ManifestFiles>("application/json", "application/yaml")
            .WithMetadata(new RequestSizeLimitAttribute(LargestBody));
        api.MapPost("/manifests", Apply)
            .WithTags("Manifests")
            .WithSummary("Applies manifests; if any of them would be refused, none is.")
            .Accepts<ManifestFiles>("application/json", "application/yaml")
            .WithMetadata(new RequestSizeLimitAttribute(LargestBody));
        return api;
    }

    private static async Task<Ok<PlanResult>> Plan(HttpRequest request, PlanService plans, CancellationToken cancellationToken) =>
        TypedResults.Ok(await plans.PlanAsync(await ReadAsync(request, cancellationToken), cancellationToken));

    private static async Task<Results<Ok<ApplyOutcome>, UnprocessableEntity<ApplyOutcome>>> Apply(
        HttpRequest request, ManifestCommands commands, CancellationToken cancellationToken)
    {
        var outcome = await commands.ApplyAsync(await ReadAsync(request, cancellationToken), cancellationToken);
        return outcome.Applied ? TypedResults.Ok(outcome) : TypedResults.UnprocessableEntity(outcome);
    }

    /// <summary>YAML as it is, or JSON: files with names, or one manifest.</summary>
    private static async Task<IReadOnlyList<ManifestDocument>> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(request.Body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true));
        string text;
        try
        {
            text = await reader.ReadToEndAsync(cancellationToken);
        }
        catch (DecoderFallbackException)
        {
            throw RequestException.BadParameter("body", "the body is not UTF-8 text");
        }

        var files = request.ContentType?.Contains("json", StringComparison.OrdinalIgnoreCase) == true && TryReadFiles(text) is { } several
            ? several
            : [new ManifestFile(request.Query["file"].ToString() is { Length: > 0 } name ? name : "manifest.yaml", text)];
        List<ManifestDocument> documents = [.. files.SelectMany(file => ManifestReader.Read(file.Content, file.File))];
        return documents.Count > 0
            ? documents
            : throw new RequestException(HttpStatusCode.BadRequest, "body", "there is no manifest in the body");
    }

    private static IReadOnlyList<ManifestFile>? TryReadFiles(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<ManifestFiles>(text, KubeJson.Options)?.Manifests;
        }
        catch (JsonException)
        {
            return null; // then it is one manifest, or ManifestReader says where it is wrong
        }
    }
}
