using System.Text.Json.Nodes;
using Operators.Registry.Baseline;

namespace Operators.Traffic.Providers.Rendering;

/// <summary>How a mesh finds the pods of a service.</summary>
internal static class PodSelection
{
    /// <summary>Labels of the pods; null when somebody else runs them and the labels are not known.</summary>
    public static JsonObject? Of(TrafficSnapshot snapshot) => snapshot.Service.Spec.Workload is not null
        ? BaselineMetadata.PodSelector(snapshot.Service).ToJson()
        : snapshot.AdoptedPodLabels is { Count: > 0 } labels ? labels.ToJson() : null;
}
