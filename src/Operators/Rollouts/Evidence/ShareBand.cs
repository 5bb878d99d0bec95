using System.Runtime.InteropServices;

namespace Operators.Rollouts.Evidence;

/// <summary>Between which shares the true one lies.</summary>
/// <param name="Low">Lower end, from 0.</param>
/// <param name="High">Upper end, to 1.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ShareBand(double Low, double High)
{
    private const int Halvings = 60;

    /// <summary>
    /// The band of a share after so many requests, for a page that is looked at while they come in: the chance that the true share ever leaves its
    /// band, at any look, is at most <paramref name="error"/>.
    /// </summary>
    /// <remarks>
    /// The mixture of binomial likelihoods over a uniform prior, divided by the likelihood of a share, is a martingale under that share, so that
    /// by Ville's inequality it rarely reaches 1/error: H. Robbins, «Statistical methods related to the law of the iterated logarithm», Ann. Math. Stat. 41 (1970).
    /// </remarks>
    /// <param name="bad">Bad requests.</param>
    /// <param name="total">All requests.</param>
    /// <param name="error">Chance that the band is ever wrong; between 0 and 1.</param>
    public static ShareBand Of(long bad, long total, double error)
    {
        if (total == 0)
        {
            return new(0, 1);
        }

        var mixture = LogBeta(bad + 1, total - bad + 1);
        var best = (double)bad / total;
        return new(bad == 0 ? 0 : Edge(0, best), bad == total ? 1 : Edge(1, best));

        double Edge(double outside, double inside)
        {
            for (var i = 0; i < Halvings; i++)
            {
                var middle = (outside + inside) / 2;
                (outside, inside) = mixture - LogLikelihood(middle) >= -Math.Log(error) ? (middle, inside) : (outside, middle);
            }

            return outside;
        }

        double LogLikelihood(double share) => (bad == 0 ? 0 : bad * Math.Log(share)) + (bad == total ? 0 : (total - bad) * Math.Log(1 - share));
    }

    private static double LogBeta(double a, double b) => LogGamma(a) + LogGamma(b) - LogGamma(a + b);

    /// <summary>Stirling's series after shifting the argument to 10 or more (DLMF 5.11.1); its error is under 1e-10.</summary>
    private static double LogGamma(double x)
    {
        var shift = 0.0;
        for (; x < 10; x++)
        {
            shift -= Math.Log(x);
        }

        var inverse = 1 / x;
        var square = inverse * inverse;
        return shift + ((x - 0.5) * Math.Log(x)) - x + (0.5 * Math.Log(2 * Math.PI)) + (inverse * ((1.0 / 12) - (square * ((1.0 / 360) - (square * ((1.0 / 1260) - (square / 1680)))))));
    }
}
