namespace Operators.Traffic.Providers.Istio;

/// <summary>What is said of more than one setting.</summary>
internal static class IstioText
{
    public const string UnknownPods = "the labels of the adopted workload's pods are not known yet";
}
