using Gateway.Policies;

namespace Gateway.Backends;

/// <summary>Leaves out instances that fail while others do not, up to a ceiling: when all fail, it is not the instances. Time is an argument.</summary>
internal sealed class OutlierEjection
{
    private readonly Lock _gate = new();

    /// <summary>Tells how an instance answered; true when it is left out from now on.</summary>
    public bool Record(BackendEndpoint endpoint, EndpointSet set, bool isError, EjectionOptions options, TimeSpan now)
    {
        if (!isError && !endpoint.Health.IsFailing)
        {
            return false; // by far the most answers: nothing to write
        }

        lock (_gate)
        {
            if (!isError)
            {
                endpoint.Health.Succeeded();
                return false;
            }

            if (endpoint.Health.IsEjected(now) || !endpoint.Health.Failed(options) || !MayEject(set, options, now))
            {
                return false;
            }

            endpoint.Health.Eject(options, now);
            return true;
        }
    }

    private static bool MayEject(EndpointSet set, EjectionOptions options, TimeSpan now) =>
        (set.Endpoints.Count(endpoint => endpoint.Health.IsEjected(now)) + 1) * 100 <= options.MaxPercent * set.Endpoints.Count;
}
