namespace Fleet.Hosting.Stores;

/// <summary>Registers state that the replicas of a service share.</summary>
internal static class StoreServices
{
    /// <summary>Adds records of a service; which instance makes them does not matter. They must need nothing that belongs to one instance.</summary>
    public static IServiceCollection AddRecords<T>(this IServiceCollection services, Func<TimeProvider, T> make)
        where T : class =>
        services.AddSingleton(provider =>
        {
            var instance = provider.GetRequiredService<FleetInstance>();
            return instance.Stores.Records(instance.Namespace, provider.GetRequiredService<FleetService>().Name, () => make(instance.Time));
        });
}
