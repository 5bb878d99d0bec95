namespace ControlPlane.Api.Tests.Audit.Ingestion;

/// <summary>EventLists in the shape in which a kube-apiserver sends them.</summary>
internal static class RecordedEvents
{
    public static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "Audit", "Ingestion", "Recorded", name);
}
