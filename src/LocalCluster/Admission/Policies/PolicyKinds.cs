using LocalCluster.Resources;

namespace LocalCluster.Admission.Policies;

/// <summary>The names under which policies and their bindings are stored.</summary>
internal static class PolicyKinds
{
    public const string ValidatingPolicies = "validatingadmissionpolicies." + Group;
    public const string ValidatingBindings = "validatingadmissionpolicybindings." + Group;
    public const string MutatingPolicies = "mutatingadmissionpolicies." + Group;
    public const string MutatingBindings = "mutatingadmissionpolicybindings." + Group;

    private const string Group = "admissionregistration.k8s.io";

    /// <summary>True for what configures admission: no policy is asked about it, or one that is wrong could not be removed.</summary>
    public static bool AreExempt(ApiResource resource) => resource.Type.Group == Group;
}
