using System.Text.Json.Serialization;
using Fleet.Hosting.Calls;
using Fleet.Hosting.Stores;

namespace Fleet.Kyc;

/// <summary>Know your customer: proofs of identity, and the limits that follow from them.</summary>
internal sealed class KycService : FleetService
{
    public override string Name => "kyc";

    internal override JsonSerializerContext Json => KycJson.Default;

    internal override IReadOnlyList<Dependency> Dependencies => [KycEndpoints.Users];

    internal override void AddState(IServiceCollection services) => services.AddRecords(static time => new KycRegister(time)).AddSingleton<KycMetrics>();

    internal override void MapApi(IEndpointRouteBuilder routes) => KycEndpoints.Map(routes);
}
