using ControlPlane.Api.Access;
using ControlPlane.Api.Approvals;
using ControlPlane.Api.Commands;
using ControlPlane.Api.Traffic.Circuits;
using ControlPlane.Api.Traffic.Limits;
using ControlPlane.Kubernetes.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ControlPlane.Api.Traffic.Gateways;

/// <summary>Adds what asks gateways. One in this process is registered by whoever runs it, as an <see cref="IGatewaySource"/>.</summary>
internal static class GatewayServices
{
    /// <summary>Addresses at which gateways that are processes of their own serve their reports, such as <c>http://gateway-0.dabbawala:5083</c>.</summary>
    public const string Setting = "Traffic:Gateways";

    public static IServiceCollection AddGateways(this IServiceCollection services) => services
        .AddSingleton(static provider => new GatewayReports(
            [.. provider.GetServices<IGatewaySource>(), .. Remote(provider.GetService<IConfiguration>())]))
        .AddSingleton<GuardedServices>()
        .AddSingleton(static provider => new CircuitQuery(Guarded(provider), Reports(provider), provider.GetRequiredService<Authorizer>(), provider.GetRequiredService<TimeProvider>()))
        .AddSingleton(static provider => new LimitQuery(Guarded(provider), Reports(provider), provider.GetRequiredService<Authorizer>()))
        .AddSingleton(static provider => new ForceCircuitCommand(
            Guarded(provider), provider.GetRequiredService<KubeApi>(), provider.GetRequiredService<CommandGate>(), provider.GetRequiredService<TimeProvider>()))
        .AddSingleton<IApprovableCommand>(static provider => provider.GetRequiredService<ForceCircuitCommand>());

    private static GuardedServices Guarded(IServiceProvider provider) => provider.GetRequiredService<GuardedServices>();

    private static GatewayReports Reports(IServiceProvider provider) => provider.GetRequiredService<GatewayReports>();

    /// <exception cref="InvalidOperationException">An address is none.</exception>
    private static IEnumerable<IGatewaySource> Remote(IConfiguration? configuration) =>
        (configuration?.GetSection(Setting).GetChildren() ?? []).Select(static child =>
            Uri.TryCreate(child.Value, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
                ? new HttpGatewaySource(address)
                : throw new InvalidOperationException($"{child.Path}: '{child.Value}' is no http address"));
}
