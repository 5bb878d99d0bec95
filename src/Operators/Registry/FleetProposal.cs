using ControlPlane.Kubernetes.Resources;

namespace Operators.Registry;

/// <summary>Declarations that nobody has written yet, to be looked at as if they were: each stands in for the one of its kind and name.</summary>
/// <param name="Services">Services.</param>
/// <param name="Policies">Traffic policies, of any of the three kinds.</param>
public sealed record FleetProposal(IReadOnlyDictionary<ObjectKey, ManagedService> Services, IReadOnlyCollection<IKubeObject> Policies);
