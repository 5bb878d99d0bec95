using ControlPlane.Kubernetes.Resources.Rollouts;
using Operators.Rollouts.Planning;

namespace Operators.Rollouts.Evidence;

/// <summary>How well traffic fits a weight.</summary>
internal static class SplitFit
{
    /// <summary>Deviations between what is seen and what the weight says; beyond any where requests are too few to tell, and the fewer, the farther.</summary>
    public static double Distance(ObservedTraffic traffic, int weight)
    {
        if (traffic.Total < ObservedSplit.Enough)
        {
            return double.MaxValue / (traffic.Total + 2);
        }

        var share = weight / 100.0;
        var deviation = Math.Sqrt(traffic.Total * share * (1 - share));
        return Math.Abs(traffic.Canary - (share * traffic.Total)) / Math.Max(deviation, 1e-9); // at 0 and 100 one request astray is too many
    }
}
