namespace ControlPlane.Kubernetes.Resources;

/// <summary>Names of the fleet's own API group, and the labels and annotations that mark objects as the fleet's.</summary>
public static class FleetApi
{
    /// <summary>API group.</summary>
    public const string Group = "fleet.dabbawala.dev";

    /// <summary>API version.</summary>
    public const string Version = "v1alpha1";

    /// <summary>Field manager of the operators' server-side applies.</summary>
    public const string OperatorFieldManager = "dabbawala";

    /// <summary>Field manager of what people change in the console.</summary>
    public const string ConsoleFieldManager = "dabbawala-console";

    /// <summary>Label on every owned object: the name of the resource that it was made for. The inventory by which objects are pruned.</summary>
    public const string InventoryLabel = Group + "/service";

    /// <summary>Label on every owned object: the standard mark of the tool that manages it.</summary>
    public const string ManagedByLabel = "app.kubernetes.io/managed-by";

    /// <summary>Value of <see cref="ManagedByLabel"/>.</summary>
    public const string ManagedByValue = "dabbawala";

    /// <summary>Annotation on every owned object: fingerprint of what was applied last, so that a field that is no longer declared is noticed.</summary>
    public const string AppliedAnnotation = Group + "/applied";

    /// <summary>
    /// Annotation on a declaration that was made in the console: the generation that the change made, a dot, and the change's correlation id, so
    /// that what operators write because of it can be traced to who asked for it. It says nothing about any other generation.
    /// </summary>
    public const string ChangeAnnotation = Group + "/change";
}
