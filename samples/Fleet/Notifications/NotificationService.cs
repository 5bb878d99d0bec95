using System.Text.Json.Serialization;
using Fleet.Hosting.Calls;
using Fleet.Hosting.Events;

namespace Fleet.Notifications;

/// <summary>Messages to customers, from registered texts.</summary>
internal sealed class NotificationService : FleetService
{
    public override string Name => "notification";

    internal override JsonSerializerContext Json => NotificationJson.Default;

    internal override IReadOnlyList<Dependency> Dependencies => [NotificationSender.Users];

    internal override void AddState(IServiceCollection services) =>
        services.AddSingleton<Outbox>().AddSingleton<NotificationMetrics>().AddSingleton<IEventHandler, UserEvents>().AddHostedService<NotificationSender>();

    internal override void MapApi(IEndpointRouteBuilder routes) => NotificationEndpoints.Map(routes);
}
