namespace LocalCluster.Resources;

/// <summary>The sets of verbs that kinds have.</summary>
internal static class ApiVerbs
{
    /// <summary>Everything.</summary>
    public static IReadOnlyList<string> All { get; } =
        ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

    /// <summary>Everything but emptying a collection.</summary>
    public static IReadOnlyList<string> OneByOne { get; } = ["create", "delete", "get", "list", "patch", "update", "watch"];

    /// <summary>A part of an object that is read and written.</summary>
    public static IReadOnlyList<string> ReadWrite { get; } = ["get", "patch", "update"];

    /// <summary>A question or an action: nothing is stored under its path.</summary>
    public static IReadOnlyList<string> CreateOnly { get; } = ["create"];

    /// <summary>Something that can only be read.</summary>
    public static IReadOnlyList<string> GetOnly { get; } = ["get"];

    /// <summary>Something that is replaced as a whole.</summary>
    public static IReadOnlyList<string> UpdateOnly { get; } = ["update"];
}
