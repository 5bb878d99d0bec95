namespace LocalCluster.NodeAgent.Images.Echo;

/// <summary>Remembers how often a request has been made to fail, so that a retry is seen to help. Requests are told apart by what callers call them.</summary>
internal sealed class FailingFirst
{
    /// <summary>Requests that are remembered; beyond it all are forgotten.</summary>
    private const int Most = 4096;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _failed = new(StringComparer.Ordinal);

    /// <summary>Whether a request must fail once more, which is counted.</summary>
    /// <param name="id">The request.</param>
    /// <param name="times">How often it fails before it does not.</param>
    public bool MustFail(string id, int times)
    {
        lock (_gate)
        {
            var failed = _failed.GetValueOrDefault(id);
            if (failed >= times)
            {
                return false;
            }

            if (_failed.Count == Most)
            {
                _failed.Clear();
            }

            _failed[id] = failed + 1;
            return true;
        }
    }
}
