using LocalCluster.Resources;
using LocalCluster.Storage;

namespace LocalCluster.Registry.Strategies;

/// <summary>The names that other CustomResourceDefinitions of a group have.</summary>
/// <param name="resources">Plural, singular and short names.</param>
/// <param name="kinds">Kinds and kinds of lists.</param>
internal sealed class ClaimedNames(IReadOnlySet<string> resources, IReadOnlySet<string> kinds)
{
    /// <summary>Collects the names of all definitions of a definition's group but its own.</summary>
    public static ClaimedNames Of(KubeObject definition, StoreSnapshot snapshot)
    {
        var (resources, kinds) = (new HashSet<string>(), new HashSet<string>());
        foreach (var other in snapshot.Table(CustomResources.StorageName).Range().Where(d => d.Key.Name != definition.Name).Select(KubeObject.Parse))
        {
            if (other.Json.Text("spec.group") == definition.Json.Text("spec.group"))
            {
                resources.UnionWith(
                [
                    other.Json.Text("status.acceptedNames.plural"), other.Json.Text("status.acceptedNames.singular"),
                    .. other.Json.Items("status.acceptedNames.shortNames").Select(n => (string)n!),
                ]);
                kinds.UnionWith([other.Json.Text("status.acceptedNames.kind"), other.Json.Text("status.acceptedNames.listKind")]);
            }
        }

        return new ClaimedNames(resources, kinds);
    }

    /// <summary>The first name of a definition that another has; null when all are free.</summary>
    public (string Reason, string Message)? Conflict(KubeObject definition)
    {
        var names = definition.Json.At("spec.names");
        foreach (var (field, reason, claimed) in ((string, string, IReadOnlySet<string>)[])
            [("plural", "PluralConflict", resources), ("singular", "SingularConflict", resources), ("kind", "KindConflict", kinds), ("listKind", "ListKindConflict", kinds)])
        {
            if (claimed.Contains(names.Text(field)))
            {
                return (reason, $"\"{names.Text(field)}\" is already in use");
            }
        }

        return names.Items("shortNames").Select(n => (string)n!).FirstOrDefault(resources.Contains) is { } shortName
            ? ("ShortNamesConflict", $"\"{shortName}\" is already in use")
            : null;
    }
}
