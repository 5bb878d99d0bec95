using LocalCluster.Cel;

namespace LocalCluster.Admission.Policies;

/// <summary>What expressions of mutations can make: <c>Object</c> and its parts, which are part of an object, and <c>JSONPatch</c>.</summary>
internal static class PatchTypes
{
    /// <summary>Name of the type of a whole object; that of a field is the path to it, such as <c>Object.spec.template</c>.</summary>
    public const string ObjectName = "Object";

    /// <summary>A whole object, or rather what a mutation says of it.</summary>
    public static CelType Object { get; } = CelType.OpenObject(ObjectName);

    /// <summary>One operation of a JSON patch.</summary>
    public static CelType JsonPatch { get; } = CelType.Object("JSONPatch", static () => new Dictionary<string, CelType>
    {
        ["op"] = CelType.String,
        ["path"] = CelType.String,
        ["from"] = CelType.String,
        ["value"] = CelType.Dyn,
    });

    /// <summary>The environment with these types, and with what makes paths of patches.</summary>
    public static CelEnvironment AddTo(CelEnvironment environment) => environment with
    {
        FindObject = Find,
        Functions = [.. environment.Functions, EscapeKey],
    };

    // RFC 6901, section 3.
    private static Overload EscapeKey { get; } = Overload.Global("jsonpatch.escapeKey", CelType.String, static (string key) =>
        key.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal));

    private static CelType? Find(string name) =>
        name == JsonPatch.Name ? JsonPatch
        : name == ObjectName || name.StartsWith(ObjectName + ".", StringComparison.Ordinal) ? CelType.OpenObject(name)
        : null;
}
