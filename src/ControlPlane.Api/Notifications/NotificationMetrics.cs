using System.Diagnostics.Metrics;
using ControlPlane.Kubernetes.Metrics;

namespace ControlPlane.Api.Notifications;

/// <summary>Counts tries of notifications.</summary>
internal sealed class NotificationMetrics(IMeterFactory meters)
{
    private readonly Counter<long> _deliveries = meters.Create(RuntimeMetrics.MeterName).CreateCounter<long>(
        "notification_deliveries_total", description: "Tries to bring a notification to a target, by target and outcome (sent, retry, given_up).");

    public void Count(string target, DeliveryState state) => _deliveries.Add(
        1,
        new("target", target),
        new KeyValuePair<string, object?>("outcome", state switch { DeliveryState.Sent => "sent", DeliveryState.Due => "retry", _ => "given_up" }));
}
