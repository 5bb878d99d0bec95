using System.Security.Cryptography;
using System.Text;
using ControlPlane.Api.Rollouts;
using ControlPlane.Kubernetes.Resources.Rollouts;

namespace ControlPlane.Api.Notifications;

/// <summary>
/// What there is to be told of a rollout, read off its status. Pure, and the same each time: what was told is known by its key, so that neither a restart nor
/// a second replica tells it twice.
/// </summary>
internal static class RolloutNotices
{
    public static IReadOnlyList<Notification> Of(CanaryRollout rollout)
    {
        if (rollout.Status is not { } status)
        {
            return [];
        }

        var notices = status.Decisions.Select(decision => Of(rollout, decision)).OfType<Notification>().ToList();
        if (status is { CanaryRevision: { } revision, Step: { } step })
        {
            if (RolloutOffers.WaitsForApproval(rollout))
            {
                notices.Add(Make(rollout, NotificationEvent.WaitsForApproval, revision, step.Since, $"step {status.Progress}: it goes on once somebody approves it", step.Index.ToString(System.Globalization.CultureInfo.InvariantCulture)));
            }

            if (status.Holds.Count > 0 && !step.OverridesHolds)
            {
                // What a hold says may change from look to look, and may be words of people, such as the reason of a freeze; that it is there is told once for each step.
                var types = string.Join(", ", status.Holds.Select(static hold => hold.Type).Distinct().Order(StringComparer.Ordinal));
                notices.Add(Make(rollout, NotificationEvent.Held, revision, step.Since, $"held by {types}; the rollout's page says what it is", types));
            }
        }

        return notices;
    }

    private static Notification? Of(CanaryRollout rollout, RolloutDecision decision)
    {
        NotificationEvent? told = decision.Type switch
        {
            RolloutDecisions.Started => NotificationEvent.Started,
            RolloutDecisions.Promoted => NotificationEvent.Promoted,
            RolloutDecisions.RolledBack => NotificationEvent.RolledBack,
            RolloutDecisions.Overridden => NotificationEvent.Overridden,
            _ => null,
        };
        if (told is not { } what)
        {
            return null;
        }

        var isOfPerson = decision.By is { Length: > 0 } || (rollout.Spec.Command is { Reason.Length: > 0 } command && command.Reason == decision.Message);
        var message = isOfPerson ? "somebody asked for it; why is in the rollout's decision log" : decision.Message;
        return Make(rollout, what, decision.Revision, decision.At, message, detail: "") with { By = decision.By is { Length: > 0 } by ? by : null };
    }

    private static Notification Make(CanaryRollout rollout, NotificationEvent what, string revision, DateTimeOffset at, string message, string detail) => new()
    {
        Key = Key(rollout.Metadata.Uid ?? "", what, revision, at, detail),
        Event = what,
        Namespace = rollout.Metadata.Namespace,
        Rollout = rollout.Metadata.Name,
        Services = [.. rollout.Spec.Members.Select(static member => member.Service)],
        Revision = revision,
        At = at,
        Message = message,
    };

    private static string Key(string uid, NotificationEvent what, string revision, DateTimeOffset at, string detail) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{uid}\n{what}\n{revision}\n{at.ToUnixTimeMilliseconds()}\n{detail}")))[..32];
}
