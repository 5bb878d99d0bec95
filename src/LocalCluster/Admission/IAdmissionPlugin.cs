using LocalCluster.Registry;
using LocalCluster.Resources;

namespace LocalCluster.Admission;

/// <summary>A rule of the cluster, across kinds, that requests must pass before anything is stored.</summary>
internal interface IAdmissionPlugin
{
    /// <summary>Completes an object, before it is validated.</summary>
    void Mutate(AdmissionRequest request)
    {
    }

    /// <summary>Refuses what must not be.</summary>
    /// <exception cref="Errors.StatusException">The request is refused.</exception>
    void Validate(AdmissionRequest request)
    {
    }

    /// <summary>Takes what the object uses up. The last step before it is stored.</summary>
    /// <exception cref="Errors.StatusException">There is not enough left.</exception>
    Task ClaimAsync(AdmissionRequest request) => Task.CompletedTask;
}

/// <summary>What a request is about to do.</summary>
internal enum AdmissionOperation
{
    /// <summary>A new object.</summary>
    Create,

    /// <summary>A change of an object.</summary>
    Update,

    /// <summary>A deletion.</summary>
    Delete,
}

/// <summary>A request that is to be admitted.</summary>
/// <param name="Operation">What it does.</param>
/// <param name="Resource">Resource of the object.</param>
/// <param name="Subresource">Part of the object that is written; empty for the object itself.</param>
/// <param name="Object">The object as it would be stored, in the stored version; for a deletion the object that would go.</param>
/// <param name="Old">The object before it; null for a new one.</param>
/// <param name="Context">What else is known.</param>
internal sealed record AdmissionRequest(
    AdmissionOperation Operation, ApiResource Resource, string Subresource, KubeObject Object, KubeObject? Old, RegistryContext Context)
{
    /// <summary>Whether the object is completed once more.</summary>
    public Reinvocation Reinvocation { get; } = new();
}
