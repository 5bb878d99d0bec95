namespace LocalCluster.Resources;

/// <summary>Turns objects of one version into the version that is stored, and back.</summary>
internal interface IVersionConversion
{
    /// <summary>True when what is stored is what is served, so that no object need be read to serve it.</summary>
    bool IsIdentity { get; }

    /// <summary>Changes an object of the served version into the stored one.</summary>
    void ToStored(KubeObject obj);

    /// <summary>Changes an object of the stored version into the served one.</summary>
    void FromStored(KubeObject obj);
}

/// <summary>For the version that is stored.</summary>
internal sealed class SameVersion : IVersionConversion
{
    /// <summary>The only one.</summary>
    public static SameVersion Instance { get; } = new();

    /// <inheritdoc/>
    public bool IsIdentity => true;

    /// <inheritdoc/>
    public void ToStored(KubeObject obj)
    {
    }

    /// <inheritdoc/>
    public void FromStored(KubeObject obj)
    {
    }
}
