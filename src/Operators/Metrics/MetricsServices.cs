using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Operators.Metrics.Prometheus;

namespace Operators.Metrics;

/// <summary>Chooses where traffic is measured.</summary>
public static class MetricsServices
{
    /// <summary>Address of a Prometheus, such as <c>http://prometheus.monitoring:9090</c>. It wins over a provider that the host brings along.</summary>
    public const string Setting = "Metrics:Prometheus";

    /// <summary>File that holds the bearer token for it; none when not set.</summary>
    public const string TokenSetting = "Metrics:PrometheusTokenFile";

    /// <summary>Adds the metrics provider. Whoever runs a data plane in this process registers its own before.</summary>
    /// <exception cref="InvalidOperationException">The address is none; thrown when the provider is first asked for.</exception>
    public static IServiceCollection AddTrafficMetrics(this IServiceCollection services)
    {
        services.TryAddSingleton<IMetricsProvider, NoMetricsProvider>();
        var brought = services.Last(static service => service.ServiceType == typeof(IMetricsProvider));
        services.Replace(ServiceDescriptor.Singleton(provider =>
            provider.GetService<IConfiguration>() is { } configuration && configuration[Setting] is { Length: > 0 } address
                ? Connect(address, configuration[TokenSetting], provider.GetRequiredService<TimeProvider>())
                : Make(brought, provider)));
        return services;
    }

    private static IMetricsProvider Make(ServiceDescriptor brought, IServiceProvider provider) => (IMetricsProvider)(
        brought.ImplementationInstance
        ?? brought.ImplementationFactory?.Invoke(provider)
        ?? ActivatorUtilities.CreateInstance(provider, brought.ImplementationType!));

    private static PrometheusMetricsProvider Connect(string address, string? tokenFile, TimeProvider time) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
            ? new PrometheusMetricsProvider(new PrometheusApi(uri, tokenFile, time), time)
            : throw new InvalidOperationException($"{Setting}: '{address}' is no http address");
}
