using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LocalCluster.Resources;
using LocalCluster.Schemas;

namespace LocalCluster.Registry.Strategies;

/// <summary>ConfigMaps and Secrets.</summary>
internal sealed partial class ConfigurationStrategy : ObjectStrategy
{
    private const int MaxBytes = 1024 * 1024;

    private static readonly string[] Parts = ["data", "binaryData"];

    /// <inheritdoc/>
    public override void PrepareForCreate(KubeObject obj, RegistryContext context) => EncodeStringData(obj);

    /// <inheritdoc/>
    public override void PrepareForUpdate(KubeObject obj, KubeObject old, RegistryContext context)
    {
        EncodeStringData(obj);
        if (obj.Kind == "Secret")
        {
            obj.Json["type"] ??= old.Json["type"]?.DeepClone();
        }
    }

    /// <inheritdoc/>
    public override IEnumerable<FieldError> Validate(KubeObject obj, KubeObject? old, RegistryContext context)
    {
        var bytes = 0;
        foreach (var part in Parts)
        {
            foreach (var (key, value) in obj.Json[part] as JsonObject ?? [])
            {
                if (!Key().IsMatch(key))
                {
                    yield return FieldError.Invalid(
                        $"{part}[{key}]",
                        key,
                        "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or "
                            + "'key-name', regex used for validation is '[-._a-zA-Z0-9]+')");
                }

                bytes += Encoding.UTF8.GetByteCount((string?)value ?? "");
            }
        }

        if (bytes > MaxBytes)
        {
            yield return FieldError.TooLong(obj.Kind == "Secret" ? "data" : "", MaxBytes);
        }

        if (old is not null)
        {
            foreach (var error in ValidateChange(obj, old))
            {
                yield return error;
            }
        }
    }

    private static IEnumerable<FieldError> ValidateChange(KubeObject obj, KubeObject old)
    {
        if (obj.Kind == "Secret" && !JsonNode.DeepEquals(obj.Json["type"], old.Json["type"]))
        {
            yield return FieldError.Invalid("type", obj.Json["type"], "field is immutable");
        }

        if (!old.Json.Flag("immutable"))
        {
            yield break;
        }

        if (!obj.Json.Flag("immutable"))
        {
            yield return FieldError.Forbidden("immutable", "field is immutable when `immutable` is set");
        }

        foreach (var part in Parts)
        {
            if (!JsonNode.DeepEquals(obj.Json[part], old.Json[part]))
            {
                yield return FieldError.Forbidden(part, "field is immutable when `immutable` is set");
            }
        }
    }

    // A convenience for writers: it is never stored.
    private static void EncodeStringData(KubeObject obj)
    {
        if (obj.Kind != "Secret" || !obj.Json.Remove("stringData", out var text) || text is not JsonObject entries)
        {
            return;
        }

        foreach (var (key, value) in entries)
        {
            obj.Json.ObjectAt("data")[key] = Convert.ToBase64String(Encoding.UTF8.GetBytes((string?)value ?? ""));
        }
    }

    [GeneratedRegex(@"^[-._a-zA-Z0-9]{1,253}\z", RegexOptions.None, 1000)]
    private static partial Regex Key();
}
