using System.Text.Json.Serialization;
using Fleet.Hosting.Stores;

namespace Fleet.Users;

/// <summary>Customers: who they are, how to reach them and where their parcels go.</summary>
internal sealed class UserService : FleetService
{
    public override string Name => "user";

    internal override JsonSerializerContext Json => UserJson.Default;

    internal override void AddState(IServiceCollection services) =>
        services.AddRecords(static _ => new UserDirectory()).AddSingleton<UserMetrics>();

    internal override void MapApi(IEndpointRouteBuilder routes) => UserEndpoints.Map(routes);
}
