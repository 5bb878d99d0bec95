using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Manifests;

namespace LocalCluster.Schemas.BuiltIn;

/// <summary>One file of Facts: what the models do not say of an API group.</summary>
/// <param name="ApiVersion">The group and version.</param>
/// <param name="Package">The package of its OpenAPI definitions.</param>
/// <param name="ClassPrefix">The prefix of model classes whose names several groups have.</param>
/// <param name="Types">The types by name; an empty object for those of which nothing needs to be said.</param>
internal sealed record FactFile(string ApiVersion, string Package, string ClassPrefix, IReadOnlyDictionary<string, JsonObject> Types)
{
    /// <summary>Reads all files; they are resources of this assembly.</summary>
    public static IEnumerable<FactFile> ReadAll()
    {
        var assembly = typeof(FactFile).Assembly;
        foreach (var name in assembly.GetManifestResourceNames())
        {
            if (name.Contains(".Facts.", StringComparison.Ordinal))
            {
                using var text = new StreamReader(assembly.GetManifestResourceStream(name)!);
                yield return Read(text.ReadToEnd(), name);
            }
        }
    }

    private static FactFile Read(string text, string name)
    {
        var file = ManifestReader.Read(text, name)[0].Json;
        var types = file["plain"]!.AsArray().ToDictionary(type => type!.GetValue<string>(), _ => new JsonObject());
        foreach (var (type, facts) in file["types"]!.AsObject())
        {
            types.Add(type, facts!.AsObject());
        }

        return new(
            file["apiVersion"]!.GetValue<string>(), file["package"]!.GetValue<string>(), file["classPrefix"]!.GetValue<string>(), types);
    }
}
