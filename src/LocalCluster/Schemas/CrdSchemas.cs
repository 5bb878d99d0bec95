using System.Text.Json.Nodes;
using LocalCluster.Schemas.Crd;

namespace LocalCluster.Schemas;

/// <summary>The schemas of a CustomResourceDefinition.</summary>
/// <param name="ByVersion">The schema of each version that could be read, by the version's name.</param>
/// <param name="Errors">Why the definition must be refused; empty when all of its schemas are good.</param>
internal sealed record CrdSchemas(IReadOnlyDictionary<string, SchemaNode> ByVersion, IReadOnlyList<FieldError> Errors)
{
    // What a schema may have at its root when status is written by itself, so that nothing of it is left unchecked then.
    private static readonly string[] AllowedBesideStatus =
    [
        "description", "type", "format", "title", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum", "maxLength", "minLength",
        "pattern", "maxItems", "minItems", "uniqueItems", "multipleOf", "required", "items", "properties", "externalDocs", "example",
        "x-kubernetes-preserve-unknown-fields", "x-kubernetes-validations",
    ];

    /// <summary>Reads <c>spec.versions[*].schema.openAPIV3Schema</c> and compiles the rules.</summary>
    /// <param name="crd">The whole CustomResourceDefinition.</param>
    /// <param name="old">The definition that it replaces; null for a new one. Rules that are stored already are not held to new limits.</param>
    public static CrdSchemas Read(JsonObject crd, JsonObject? old = null)
    {
        var schemas = new Dictionary<string, SchemaNode>();
        var errors = new List<FieldError>();
        var versions = VersionsOf(crd);
        if (versions.Count > 0 && SchemaOf(versions[0]) is { } shared && versions.TrueForAll(version => JsonNode.DeepEquals(SchemaOf(version), shared)))
        {
            // Kubernetes keeps a schema that all versions have in one place, and names it so.
            var source = new SchemaSource(shared, "spec.validation.openAPIV3Schema");
            var node = Read(source, versions.Exists(HasStatus), IsUnchanged(versions[0], old), errors);
            AddTo(schemas, versions, node);
            return new(schemas, errors);
        }

        for (var i = 0; i < versions.Count; i++)
        {
            var path = $"spec.versions[{i}].schema.openAPIV3Schema";
            if (SchemaOf(versions[i]) is { } schema)
            {
                var node = Read(new SchemaSource(schema, path), HasStatus(versions[i]), IsUnchanged(versions[i], old), errors);
                AddTo(schemas, [versions[i]], node);
            }
            else
            {
                errors.Add(FieldError.Required(path));
            }
        }

        return new(schemas, errors);
    }

    private static SchemaNode? Read(SchemaSource source, bool hasStatus, bool isStored, List<FieldError> errors)
    {
        if (hasStatus)
        {
            CheckBesideStatus(source, errors);
        }

        if (source.IsTrue("nullable"))
        {
            errors.Add(FieldError.Forbidden(source.At("nullable"), "nullable cannot be true at the root"));
        }

        SchemaNode? node = null;
        var isSound = false;
        if (SchemaReader.CanRead(source))
        {
            var faults = StructuralRules.Check(source);
            if (faults.Count == 0)
            {
                node = SchemaReader.ReadRoot(source);
                faults = DefaultRules.Check(source, node);
                isSound = faults.Count == 0;
            }

            errors.AddRange(faults);
        }

        errors.AddRange(OpenApiRules.Check(source, isSound ? node : null, enforceCost: !isStored));
        return node;
    }

    private static void CheckBesideStatus(SchemaSource source, List<FieldError> errors)
    {
        if (source.Type is not "" and not "object")
        {
            errors.Add(FieldError.Invalid(
                source.At("type"),
                source.Type,
                "only \"object\" is allowed as the type at the root of the schema if the status subresource is enabled"));
        }
        else if (!source.HasOnly(AllowedBesideStatus))
        {
            var names = string.Join(' ', AllowedBesideStatus);
            errors.Add(FieldError.Invalid(
                source.Path,
                source.ToJson(),
                $"only [{names}] fields are allowed at the root of the schema if the status subresource is enabled"));
        }
    }

    private static List<JsonObject> VersionsOf(JsonObject? crd) => [.. (crd?["spec"]?["versions"] as JsonArray ?? []).OfType<JsonObject>()];

    private static JsonObject? SchemaOf(JsonObject version) => version["schema"]?["openAPIV3Schema"] as JsonObject;

    private static bool HasStatus(JsonObject version) => version["subresources"]?["status"] is not null;

    private static bool IsUnchanged(JsonObject version, JsonObject? old) => VersionsOf(old).Exists(before =>
        JsonNode.DeepEquals(before["name"], version["name"]) && JsonNode.DeepEquals(SchemaOf(before), SchemaOf(version)));

    private static void AddTo(Dictionary<string, SchemaNode> schemas, IEnumerable<JsonObject> versions, SchemaNode? node)
    {
        foreach (var version in versions)
        {
            if (node is not null && version["name"].TryString(out var name))
            {
                schemas[name] = node;
            }
        }
    }
}
