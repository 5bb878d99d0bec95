using System.Text.Json;
using ControlPlane.Kubernetes.Resources.Traffic.Schemas;
using Gateway.Policies;
using Microsoft.AspNetCore.Http;

namespace Gateway.Bodies;

/// <summary>What came of checking a body.</summary>
/// <param name="Check">The check that it does not pass; null when it passes all.</param>
/// <param name="Violation">Where it does not.</param>
/// <param name="IsTooLarge">It is larger than what is read for a check.</param>
internal sealed record BodyVerdict(BodyCheck? Check, SchemaViolation? Violation, bool IsTooLarge)
{
    public static BodyVerdict Passed { get; } = new(null, null, IsTooLarge: false);
}

/// <summary>Checks bodies against the schemas that are for them. A body that is checked is read whole, and sent on from memory.</summary>
internal static class BodyGate
{
    /// <summary>Largest body that is read for a check, in bytes, where the policy has no smaller one.</summary>
    public const int Largest = 1024 * 1024;

    /// <summary>One name, one value: what the service reads must be what was checked.</summary>
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 64, AllowDuplicateProperties = false };

    public static async ValueTask<BodyVerdict> CheckAsync(IReadOnlyList<BodyCheck> checks, HttpContext context, CancellationToken cancellationToken)
    {
        var path = context.Request.Path.Value ?? "/";
        var concerned = checks.Count == 0 ? [] : checks.Where(check => PathPatterns.Names(check.Methods, context.Request.Method) && PathPatterns.Cover(check.Paths, path)).ToList();
        if (concerned.Count == 0)
        {
            return BodyVerdict.Passed;
        }

        if (await ReadAsync(context, cancellationToken) is not { } body)
        {
            return new(concerned[0], null, IsTooLarge: true);
        }

        try
        {
            using var json = JsonDocument.Parse(body.GetBuffer().AsMemory(0, (int)body.Length), Strict);
            return concerned.Select(check => check.Schema.Check(json.RootElement) is { } violation ? new BodyVerdict(check, violation, IsTooLarge: false) : null).FirstOrDefault(static verdict => verdict is not null)
                ?? BodyVerdict.Passed;
        }
        catch (JsonException)
        {
            return new(concerned[0], new("", "is no JSON, or has a name twice, or is nested deeper than 64"), IsTooLarge: false);
        }
    }

    /// <summary>The body, which can be read again; null when it is too large.</summary>
    private static async ValueTask<MemoryStream?> ReadAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var request = context.Request;
        if (request.ContentLength > Largest)
        {
            return null;
        }

        var kept = new MemoryStream((int)(request.ContentLength ?? 0));
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (kept.Length + read > Largest)
            {
                return null;
            }

            kept.Write(buffer, 0, read);
        }

        kept.Position = 0;
        request.Body = kept;
        return kept;
    }
}
