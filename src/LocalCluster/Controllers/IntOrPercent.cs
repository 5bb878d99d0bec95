using System.Globalization;
using k8s.Models;

namespace LocalCluster.Controllers;

/// <summary>Numbers that may be given as percentages.</summary>
internal static class IntOrPercent
{
    /// <summary>The number, or the percentage of a total. What is neither counts as 0: the API refuses it before it gets here.</summary>
    public static int Of(IntOrString? value, int total, bool roundUp)
    {
        var text = value?.Value;
        if (text is null)
        {
            return 0;
        }

        if (!text.EndsWith('%'))
        {
            return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : 0;
        }

        var percent = int.TryParse(text.AsSpan(..^1), NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? parsed : 0;
        var hundredths = (long)percent * total;
        return (int)(roundUp ? (hundredths + 99) / 100 : hundredths / 100);
    }
}
