namespace Gateway.Routing;

/// <summary>
/// Holds the snapshot that new requests use. A swap is one write of a reference: requests that have begun go on with the one that they began
/// with, so that no change drops any.
/// </summary>
internal sealed class RoutingTable
{
    private volatile RoutingSnapshot _current = RoutingSnapshot.Empty;

    public RoutingSnapshot Current => _current;

    public void Swap(RoutingSnapshot next) => _current = next;
}
