using ControlPlane.Api.Notifications;
using ControlPlane.Api.Tests.Rollouts;

namespace ControlPlane.Api.Tests.Notifications;

/// <summary>A notification in a line.</summary>
internal static class Told
{
    public static Notification Of(string key = "k1", NotificationEvent what = NotificationEvent.RolledBack, string ns = "shop") => new()
    {
        Key = key,
        Event = what,
        Namespace = ns,
        Rollout = "order",
        Services = ["order"],
        Revision = "r2",
        At = Rollout.Now,
        Message = "2 % of requests failed & <more>",
    };
}
