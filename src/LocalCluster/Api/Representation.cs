using Microsoft.Extensions.Primitives;

using LocalCluster.Errors;

namespace LocalCluster.Api;

/// <summary>The shape in which a client wants its objects.</summary>
internal enum ObjectShape
{
    /// <summary>As they are.</summary>
    Whole,

    /// <summary>As rows of a table, for people.</summary>
    Table,

    /// <summary>Only their metadata.</summary>
    PartialMetadata,
}

/// <summary>What the <c>Accept</c> header of a request asks for.</summary>
/// <param name="Shape">Shape of the objects.</param>
/// <param name="Version">Version of the <c>meta.k8s.io</c> group for the shapes that it defines.</param>
/// <param name="Yaml">True for YAML, false for JSON.</param>
internal sealed record Representation(ObjectShape Shape, string Version, bool Yaml)
{
    /// <summary>Plain JSON objects.</summary>
    public static Representation Json { get; } = new(ObjectShape.Whole, "v1", false);

    private static readonly string[] Served = ["application/json", "application/yaml", "application/vnd.kubernetes.protobuf"];

    /// <summary>Picks the first media type of the header that can be served.</summary>
    /// <exception cref="StatusException">406: none can.</exception>
    public static Representation Negotiate(StringValues accept)
    {
        var ranges = accept.SelectMany(a => (a ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).ToList();
        return ranges.Count == 0
            ? Json
            : ranges.Select(Read).FirstOrDefault(r => r is not null) ?? throw StatusErrors.NotAcceptable(Served[..2]);
    }

    private static Representation? Read(string range)
    {
        var parts = range.Split(';', StringSplitOptions.TrimEntries);
        var parameters = parts.Skip(1).Select(p => p.Split('=', 2)).Where(p => p.Length == 2).ToLookup(p => p[0], p => p[1]);
        bool? yaml = parts[0] switch
        {
            "application/json" or "application/*" or "*/*" => false,
            "application/yaml" => true,
            _ => null,
        };
        if (yaml is null)
        {
            return null;
        }

        var group = parameters["g"].FirstOrDefault() ?? "";
        var version = parameters["v"].FirstOrDefault() ?? "v1";
        return (parameters["as"].FirstOrDefault() ?? "") switch
        {
            "" => new Representation(ObjectShape.Whole, "v1", yaml.Value),
            "Table" when IsMeta(group, version) => new Representation(ObjectShape.Table, version, yaml.Value),
            "PartialObjectMetadata" or "PartialObjectMetadataList" when IsMeta(group, version) =>
                new Representation(ObjectShape.PartialMetadata, version, yaml.Value),
            _ => null,
        };
    }

    private static bool IsMeta(string group, string version) => group == "meta.k8s.io" && version is "v1" or "v1beta1";
}
