using LocalCluster.Workloads;

namespace LocalCluster.Controllers.Endpoints;

/// <summary>The labels under which the endpoints of a Service are published: its own, and those that tell what they are.</summary>
internal static class PublishedLabels
{
    private const string Headless = "service.kubernetes.io/headless";

    public static Dictionary<string, string> Of(Service service, params ReadOnlySpan<(string Key, string Value)> reserved)
    {
        var labels = service.Metadata.Labels.Where(label => label.Key != Headless).ToDictionary();
        foreach (var (key, value) in reserved)
        {
            labels[key] = value;
        }

        if (service.Spec.IsHeadless)
        {
            labels[Headless] = "";
        }

        return labels;
    }
}
