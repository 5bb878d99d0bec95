using ControlPlane.Kubernetes.Resources.Rollouts;

namespace Gateway.Rollouts;

/// <summary>How the requests to a Service are shared among the versions that run beside each other, while a rollout moves it.</summary>
/// <param name="Weight">Per cent of the requests that go to the canary.</param>
/// <param name="Match">Requests that go to the canary whatever the weight; null for none.</param>
/// <param name="Mirror">Per cent of the requests to the stable version of which the canary gets a copy.</param>
/// <param name="Salt">Draws other users for other revisions, so that not always the same ones are the first.</param>
internal sealed record TrackSplit(int Weight, RolloutMatch? Match, int Mirror, ulong Salt)
{
    /// <summary>Where no rollout says otherwise: an instance that is a canary gets nothing.</summary>
    public static TrackSplit AllStable { get; } = new(0, Match: null, 0, Salt: 0);
}
