using System.Globalization;

namespace ControlPlane.Kubernetes.Resources;

/// <summary>metav1.MicroTime: RFC 3339 in UTC with exactly six digits of a second.</summary>
internal static class MicroTime
{
    public static string Format(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
