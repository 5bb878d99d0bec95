namespace LocalCluster.Resources;

/// <summary>What is served now: the built-in kinds and the custom resources that are established.</summary>
internal sealed class CatalogSource
{
    private readonly ResourceCatalog _current = new(BuiltInResources.Groups);

    /// <summary>The catalog as of the last change of a CustomResourceDefinition.</summary>
    public ResourceCatalog Current => _current;
}
