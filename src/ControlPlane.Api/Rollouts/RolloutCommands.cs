using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ControlPlane.Api.Access;
using ControlPlane.Api.Approvals;
using ControlPlane.Api.Audit.Recording;
using ControlPlane.Api.Commands;
using ControlPlane.Api.Manifests;
using ControlPlane.Api.Plans;
using ControlPlane.Api.Problems;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Rollouts;
using Operators.Cluster;

namespace ControlPlane.Api.Rollouts;

/// <summary>
/// Asks for something to be done to a rollout. It writes what kubectl could write as well: <c>spec.command</c>, which the operator does once, or <c>spec.paused</c>;
/// never the status, which is the operator's. What would do nothing is refused rather than written, and so is what was meant for another revision.
/// </summary>
public sealed class RolloutCommands
{
    /// <summary>Longest reason, in characters: it becomes part of the decision log of the rollout.</summary>
    internal const int LongestReason = 500;

    /// <summary>The operator writes its status at any time, which must not make a person's command fail.</summary>
    private const int Attempts = 5;

    private static readonly WriteOptions Write = new() { FieldManager = FleetApi.ConsoleFieldManager, FieldValidation = "Strict" };

    private readonly FleetCaches _caches;
    private readonly KubeApi _api;
    private readonly CommandGate _gate;
    private readonly Authorizer _authorizer;

    internal RolloutCommands(FleetCaches caches, KubeApi api, CommandGate gate, Authorizer authorizer) =>
        (_caches, _api, _gate, _authorizer) = (caches, api, gate, authorizer);

    /// <summary>Asks for it.</summary>
    /// <param name="rollout">The rollout.</param>
    /// <param name="action">What to do.</param>
    /// <param name="revision">The revision that the caller means; null for any where the action is not about one (pause and resume).</param>
    /// <param name="reason">Why, at most 500 characters.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The rollout, as it is stored now.</returns>
    /// <exception cref="RequestException">There is no such rollout; it would do nothing now; another revision is on its way by now; or a GitOps tool keeps what would be changed.</exception>
    /// <exception cref="AccessException">The caller may not.</exception>
    public Task<CanaryRollout> RunAsync(ObjectKey rollout, RolloutAction action, string? revision, string? reason, CancellationToken cancellationToken) =>
        RunAsync(new(rollout.Namespace, rollout.Name, action, revision), reason, approval: null, cancellationToken);

    /// <summary>What an action takes of the caller.</summary>
    public CommandRequirements Requirements(ObjectKey rollout, RolloutAction action)
    {
        var requirements = _gate.RequirementsOf(CommandFor(rollout, action));
        return requirements with { Reason = requirements.Reason || action.TakesReason() };
    }

    internal Task<CanaryRollout> RunAsync(RolloutChange change, string? reason, ApprovalGrant? approval, CancellationToken cancellationToken)
    {
        Validate(change, reason);
        var command = CommandFor(change.Rollout, change.Action) with
        {
            Reason = reason,
            Approval = approval,
            Change = JsonSerializer.SerializeToNode(change, KubeJson.Options),
            Plan = cancel => PlanAsync(change, cancel),
        };
        return _gate.RunAsync(command, (trace, cancel) => WriteAsync(change, reason, trace, cancel), cancellationToken);
    }

    private Command CommandFor(ObjectKey key, RolloutAction action) => new(
        action.Permission(),
        _caches.Rollouts.Cache.Find(key) is { } rollout ? RolloutSubject.Of(rollout, _caches) : new CommandSubject(CanaryRollout.ResourceType.Kind, key.Namespace, key.Name));

    private static void Validate(RolloutChange change, string? reason)
    {
        if (change.Action.Command() is not null && string.IsNullOrEmpty(change.Revision))
        {
            throw RequestException.BadParameter("revision", "say which revision you mean, as status.canaryRevision tells it (to retry: status.failedRevisions): another may be on its way by the time this is done");
        }

        if (change.Action.TakesReason() && string.IsNullOrWhiteSpace(reason))
        {
            throw new RequestException(HttpStatusCode.UnprocessableEntity, "reason", $"say why: it is what the rollout's decision log will tell others (header {Reasons.Header})");
        }

        if (reason?.Length > LongestReason)
        {
            throw new RequestException(HttpStatusCode.UnprocessableEntity, "reason", string.Create(CultureInfo.InvariantCulture, $"a reason has at most {LongestReason} characters here: it goes into the rollout's decision log"));
        }
    }

    /// <summary>What an approver sees, and what must still hold when it runs: the same action, of the same revision, on the same step.</summary>
    private async Task<CommandPlan> PlanAsync(RolloutChange change, CancellationToken cancellationToken)
    {
        var (stored, rollout) = await ReadAsync(change, cancellationToken);
        Check(change, stored, rollout);
        var status = rollout.Status ?? new();
        var subject = $"{change.Action} {change.Revision} {status.CanaryRevision} {status.Step?.Index} {rollout.Spec.Paused}";
        var before = $"phase: {status.Phase}\nrevision: {RolloutOffers.RevisionOf(status, change.Action)}\nstep: {status.Progress}\npaused: {(rollout.Spec.Paused ? "true" : "false")}\n";
        return new(
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(subject))),
            [new PlannedChange(CanaryRollout.ResourceType.Kind, change.Namespace, change.Name, PlannedAction.Update, before, $"{before}command: {change.Action}\n")]);
    }

    private async Task<CanaryRollout> WriteAsync(RolloutChange change, string? reason, CommandTrace trace, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var (stored, rollout) = await ReadAsync(change, cancellationToken);
            Check(change, stored, rollout);
            trace.Before = RecordedState.Of(stored);
            try
            {
                var body = JsonSerializer.SerializeToUtf8Bytes(Patch(change, reason, rollout), JsonSerializerOptions.Default);
                var after = await _api.MergePatchAsync(CanaryRollout.ResourceType, change.Rollout, body, Write, cancellationToken);
                trace.After = RecordedState.Of(JsonNode.Parse(after)!.AsObject());
                return JsonSerializer.Deserialize<CanaryRollout>(after, KubeJson.Options)!;
            }
            catch (KubeApiException e) when (e.IsConflict && attempt < Attempts)
            {
                // Somebody wrote it since it was read, most likely the operator its status: look again whether it is still what is meant.
            }
        }
    }

    /// <summary>Bound to the version that was looked at, so that no command takes the place of one that was given meanwhile.</summary>
    private JsonObject Patch(RolloutChange change, string? reason, CanaryRollout rollout) => new()
    {
        ["metadata"] = new JsonObject { ["resourceVersion"] = rollout.Metadata.ResourceVersion },
        ["spec"] = change.Action.Command() is { } type
            ? new JsonObject
            {
                ["command"] = new JsonObject
                {
                    ["id"] = Guid.CreateVersion7().ToString("N"),
                    ["revision"] = change.Revision,
                    ["type"] = type.ToString(),
                    ["reason"] = reason ?? "",
                    ["by"] = _authorizer.Caller.PersonId ?? _authorizer.Caller.Id,
                },
            }
            : new JsonObject { ["paused"] = change.Action == RolloutAction.Pause },
    };

    private async Task<(JsonObject Stored, CanaryRollout Rollout)> ReadAsync(RolloutChange change, CancellationToken cancellationToken)
    {
        try
        {
            var bytes = await _api.GetBytesAsync(CanaryRollout.ResourceType, change.Rollout, cancellationToken);
            return (JsonNode.Parse(bytes)!.AsObject(), JsonSerializer.Deserialize<CanaryRollout>(bytes, KubeJson.Options)!);
        }
        catch (KubeApiException e) when (e.IsNotFound)
        {
            throw new RequestException(HttpStatusCode.NotFound, "rollout", $"there is no CanaryRollout {change.Rollout}");
        }
    }

    /// <summary>Whether it would do what is meant.</summary>
    private static void Check(RolloutChange change, JsonObject stored, CanaryRollout rollout)
    {
        var current = RolloutOffers.RevisionOf(rollout.Status ?? new(), change.Action);
        if (change.Revision is { } meant && current is not null && meant != current)
        {
            throw new RequestException(HttpStatusCode.PreconditionFailed, "revision", $"it is about revision {current} by now, and not about {meant}: look again");
        }

        if (RolloutOffers.Objection(rollout, change.Action) is { } objection)
        {
            throw new RequestException(HttpStatusCode.Conflict, "action", objection);
        }

        if (change.Action.Command() is null && GitOpsOwner.Of(stored) is { } keeper)
        {
            throw new RequestException(
                HttpStatusCode.Conflict, "spec.paused", $"the rollout is kept by {keeper}, which would undo it: commit there {PausePatch(change.Action)}");
        }
    }

    /// <summary>What to commit where a GitOps tool keeps the rollout.</summary>
    public static string PausePatch(RolloutAction action) => $"spec: {{paused: {(action == RolloutAction.Pause ? "true" : "false")}}}";
}

/// <summary>What is asked for, as it waits for its approval.</summary>
internal sealed record RolloutChange(string Namespace, string Name, RolloutAction Action, string? Revision)
{
    internal ObjectKey Rollout => new(Namespace, Name);
}

/// <summary>One action of rollouts, as it runs once a second person has approved it.</summary>
internal sealed class ApprovableRolloutCommand(RolloutAction action, RolloutCommands commands) : IApprovableCommand
{
    public string Action => action.Permission().Name;

    public async Task<string?> RunApprovedAsync(JsonNode change, string? reason, ApprovalGrant grant, CancellationToken cancellationToken)
    {
        try
        {
            await commands.RunAsync(change.Deserialize<RolloutChange>(KubeJson.Options)!, reason, grant, cancellationToken);
            return null;
        }
        catch (RequestException e) when (e.Field != CommandGate.PlanField)
        {
            return e.Message; // by now it is done, overtaken or impossible
        }
    }
}
