using ControlPlane.Kubernetes.Resources.Rollouts;

namespace Operators.Rollouts.Evidence;

/// <summary>How well traffic fits a weight.</summary>
internal static class SplitFit
{
    /// <summary>Requests below which nothing fits: the fewer, the worse.</summary>
    private const int Enough = 20;

    /// <summary>Deviations between what is seen and what the weight says; beyond any where requests are too few to tell.</summary>
    public static double Distance(ObservedTraffic traffic, int weight)
    {
        if (traffic.Total < Enough)
        {
            return double.MaxValue / (traffic.Total + 2);
        }

        var share = weight / 100.0;
        var deviation = Math.Sqrt(traffic.Total * share * (1 - share));
        return Math.Abs(traffic.Canary - (share * traffic.Total)) / Math.Max(deviation, 1e-9); // at 0 and 100 one request astray is too many
    }
}
