using System.Text.Json.Nodes;
using LocalCluster.Resources;
using LocalCluster.Schemas;

namespace LocalCluster.Registry.Strategies;

/// <summary>Kinds of which some fields can't change, and that have no other rules.</summary>
/// <param name="error">What to say of a field that was changed.</param>
/// <param name="paths">The fields.</param>
internal sealed class ImmutableFieldsStrategy(Func<string, JsonNode?, FieldError> error, params string[] paths) : ObjectStrategy
{
    /// <inheritdoc/>
    public override IEnumerable<FieldError> Validate(KubeObject obj, KubeObject? old, RegistryContext context) => old is null
        ? []
        : paths.Where(path => !JsonNode.DeepEquals(obj.Json.At(path), old.Json.At(path))).Select(path => error(path, obj.Json.At(path)));
}
