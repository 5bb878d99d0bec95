using System.Globalization;

namespace ControlPlane.Kubernetes.Resources;

/// <summary>Shares as people write them in manifests, such as <c>0.5%</c>: exact, and never taken for a number of something.</summary>
public static class KubePercentage
{
    private const string Sign = "%";

    /// <summary>Reads a share; null when it is none.</summary>
    /// <param name="text">A decimal number from 0 to 100 with a per cent sign.</param>
    /// <returns>From 0 to 1.</returns>
    public static double? Parse(string? text) =>
        text is not null
        && text.EndsWith(Sign, StringComparison.Ordinal)
        && decimal.TryParse(text[..^Sign.Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent)
        && percent is >= 0 and <= 100
            ? (double)(percent / 100)
            : null;
}
