using System.Text.Json.Serialization;
using Fleet.Hosting.Calls;

namespace Fleet;

/// <summary>
/// One service of the demo fleet: its code, without state. State belongs to an instance, which <see cref="FleetHost.Build"/> makes.
/// </summary>
public abstract class FleetService
{
    private protected FleetService()
    {
    }

    /// <summary>Name of the service, its image and its DNS label, such as <c>order</c>.</summary>
    public abstract string Name { get; }

    /// <summary>How the service reads and writes its own types.</summary>
    internal abstract JsonSerializerContext Json { get; }

    /// <summary>The services that it calls.</summary>
    internal virtual IReadOnlyList<Dependency> Dependencies => [];

    /// <summary>Adds the state of one instance.</summary>
    internal abstract void AddState(IServiceCollection services);

    /// <summary>Maps the endpoints of the service's own API.</summary>
    internal abstract void MapApi(IEndpointRouteBuilder routes);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
