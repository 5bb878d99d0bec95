using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Resources;
using LocalCluster.Schemas;
using LocalCluster.Selectors;

namespace LocalCluster.Resources;

/// <summary>Turns CustomResourceDefinitions into what is served of them.</summary>
internal static class CustomResources
{
    /// <summary>Name under which the definitions are stored.</summary>
    public const string StorageName = "customresourcedefinitions.apiextensions.k8s.io";

    /// <summary>The resources of a definition, one for each served version, the most stable version first; none before it is established.</summary>
    /// <param name="definition">The definition.</param>
    /// <param name="schemaRevision">Revision since which its schemas have been what they are.</param>
    public static IReadOnlyList<ApiResource> Read(KubeObject definition, long schemaRevision)
    {
        if (!IsTrue(definition, "Established"))
        {
            return [];
        }

        var versions = definition.Json["spec"]!["versions"]!.AsArray().Select(v => v!.AsObject()).ToList();
        var stored = (string)versions.First(v => (bool?)v["storage"] == true)["name"]!;
        var schemas = new Lazy<CrdSchemas>(() => CrdSchemas.Read(definition.Json));
        return
        [
            .. versions.Where(v => (bool?)v["served"] == true)
                .OrderByDescending(v => (string)v["name"]!, ApiVersionPriority.Comparer)
                .Select(v => Read(definition, v, stored, schemas, schemaRevision)),
        ];
    }

    /// <summary>True when a condition of a definition holds.</summary>
    public static bool IsTrue(KubeObject definition, string condition) =>
        (definition.Json["status"]?["conditions"] as JsonArray ?? []).Any(c => (string?)c!["type"] == condition && (string?)c["status"] == "True");

    private static ApiResource Read(KubeObject definition, JsonObject version, string stored, Lazy<CrdSchemas> schemas, long schemaRevision)
    {
        var spec = definition.Json["spec"]!.AsObject();
        var names = definition.Json["status"]!["acceptedNames"]!.AsObject();
        var name = (string)version["name"]!;
        var group = (string)spec["group"]!;
        var plural = (string)names["plural"]!;
        var kind = (string)names["kind"]!;
        var schema = new Lazy<SchemaNode>(() => schemas.Value.ByVersion[name]);
        var scale = version["subresources"]?["scale"];
        return new ApiResource
        {
            Type = new ResourceType(group, name, plural, kind, (string?)spec["scope"] == "Namespaced"),
            Singular = (string?)names["singular"] ?? "",
            ListKind = (string?)names["listKind"] ?? $"{kind}List",
            ShortNames = Texts(names["shortNames"]),
            Categories = Texts(names["categories"]),
            Verbs = IsTrue(definition, "Terminating") ? [.. ApiVerbs.All.Where(v => v != "create")] : ApiVerbs.All,
            Subresources = [.. Subresources(version, kind)],
            StorageName = $"{plural}.{group}",
            Schema = schema,
            Conversion = name == stored ? SameVersion.Instance : new RenamedVersion($"{group}/{name}", $"{group}/{stored}", schema),
            SchemaRevision = schemaRevision,
            PrinterColumns = version["additionalPrinterColumns"] as JsonArray,
            SelectableFields = [.. (version["selectableFields"] as JsonArray ?? []).Select(f => SelectableField.At(((string)f!["jsonPath"]!).TrimStart('.')))],
            Scale = scale is null
                ? null
                : ScaleMapping.Of((string)scale["specReplicasPath"]!, (string)scale["statusReplicasPath"]!, (string?)scale["labelSelectorPath"]),
            DeprecationWarning = (bool?)version["deprecated"] == true ? (string?)version["deprecationWarning"] ?? $"{group}/{name} {kind} is deprecated" : null,
            IsCustom = true,
        };
    }

    private static IEnumerable<ApiSubresource> Subresources(JsonObject version, string kind)
    {
        if (version["subresources"]?["status"] is not null)
        {
            yield return new ApiSubresource("status", kind, null, null, ApiVerbs.ReadWrite);
        }

        if (version["subresources"]?["scale"] is not null)
        {
            yield return new ApiSubresource("scale", "Scale", "autoscaling", "v1", ApiVerbs.ReadWrite);
        }
    }

    private static IReadOnlyList<string> Texts(JsonNode? list) => [.. (list as JsonArray ?? []).Select(t => (string)t!)];
}

/// <summary>A version that differs from the stored one in its schema only: conversion strategy <c>None</c>.</summary>
/// <param name="served">This version, with its group.</param>
/// <param name="stored">The stored version, with its group.</param>
/// <param name="schema">Schema of this version.</param>
internal sealed class RenamedVersion(string served, string stored, Lazy<SchemaNode> schema) : IVersionConversion
{
    /// <inheritdoc/>
    public bool IsIdentity => false;

    /// <inheritdoc/>
    public void ToStored(KubeObject obj) => obj.ApiVersion = stored;

    /// <inheritdoc/>
    public void FromStored(KubeObject obj)
    {
        obj.ApiVersion = served;
        Pruning.Prune(obj.Json, schema.Value);
        Defaulting.Apply(obj.Json, schema.Value);
    }
}
