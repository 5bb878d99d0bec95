using LocalCluster.Storage;

namespace LocalCluster.Registry;

/// <summary>What the rules of a kind may look at beside the object.</summary>
/// <param name="Snapshot">All objects, when the request began to be decided.</param>
/// <param name="Now">Time of the request.</param>
/// <param name="Request">Who asks, and how.</param>
internal sealed record RegistryContext(StoreSnapshot Snapshot, DateTimeOffset Now, RegistryRequest Request);

/// <summary>What the rules need to know of a request.</summary>
/// <param name="User">Who asks.</param>
/// <param name="DryRun">True when nothing may be stored.</param>
/// <param name="Warn">Tells the client something that is no error.</param>
internal sealed record RegistryRequest(RequestUser User, bool DryRun, Action<string> Warn);
