using Gateway.Routing;

namespace Gateway.Forwarding;

/// <summary>Chooses among weighted backends.</summary>
internal static class WeightedChoice
{
    /// <summary>Sum of the weights; 0 when no request may go anywhere.</summary>
    public static int Total(IReadOnlyList<WeightedBackend> backends)
    {
        var total = 0;
        foreach (var backend in backends)
        {
            total += backend.Weight; // at most 16 backends of at most a million
        }

        return total;
    }

    /// <summary>The backend in whose share a number falls.</summary>
    /// <param name="backends">Backends, of which at least one has a weight.</param>
    /// <param name="drawn">From 0 to below <see cref="Total"/>.</param>
    public static WeightedBackend Of(IReadOnlyList<WeightedBackend> backends, int drawn)
    {
        foreach (var backend in backends)
        {
            drawn -= backend.Weight;
            if (drawn < 0)
            {
                return backend;
            }
        }

        throw new ArgumentOutOfRangeException(nameof(drawn), "beyond the sum of the weights");
    }
}
