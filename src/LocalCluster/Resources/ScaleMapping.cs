namespace LocalCluster.Resources;

/// <summary>Where a kind keeps what its <c>scale</c> subresource shows.</summary>
/// <param name="SpecReplicas">Path of the wanted replicas, in names of properties.</param>
/// <param name="StatusReplicas">Path of the observed replicas.</param>
/// <param name="Selector">Path of the label selector: an object in built-in kinds, a text in custom resources; null when there is none.</param>
internal sealed record ScaleMapping(IReadOnlyList<string> SpecReplicas, IReadOnlyList<string> StatusReplicas, IReadOnlyList<string>? Selector)
{
    /// <summary>The mapping of all built-in kinds.</summary>
    public static ScaleMapping BuiltIn { get; } = new(["spec", "replicas"], ["status", "replicas"], ["spec", "selector"]);

    /// <summary>Reads the paths of a CustomResourceDefinition, such as <c>.spec.replicas</c>.</summary>
    public static ScaleMapping Of(string specReplicas, string statusReplicas, string? selector) =>
        new(Path(specReplicas), Path(statusReplicas), string.IsNullOrEmpty(selector) ? null : Path(selector));

    private static string[] Path(string text) => text.Split('.', StringSplitOptions.RemoveEmptyEntries);
}
