using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using ControlPlane.Api.Access;
using ControlPlane.Api.Approvals;
using ControlPlane.Api.Audit.Recording;
using ControlPlane.Api.Commands;
using ControlPlane.Api.Manifests;
using ControlPlane.Api.Plans;
using ControlPlane.Api.Problems;
using ControlPlane.Api.Traffic.Gateways;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Traffic;
using ControlPlane.Kubernetes.Resources.Traffic.Effective;

namespace ControlPlane.Api.Traffic.Circuits;

/// <summary>Forces the circuit of a service open or closed until a time, and releases it before.</summary>
public sealed class ForceCircuitCommand : IApprovableCommand
{
    private static readonly WriteOptions Write = new() { FieldManager = FleetApi.ConsoleFieldManager, Force = true, FieldValidation = "Strict" };

    private readonly GuardedServices _services;
    private readonly KubeApi _api;
    private readonly CommandGate _gate;
    private readonly TimeProvider _time;

    internal ForceCircuitCommand(GuardedServices services, KubeApi api, CommandGate gate, TimeProvider time) =>
        (_services, _api, _gate, _time) = (services, api, gate, time);

    /// <inheritdoc/>
    public string Action => Permissions.ForceCircuit.Name;

    /// <summary>Shortest and longest reason, in characters: callers of the service and those who find the policy read it.</summary>
    internal const int ShortestReason = 3;
    internal const int LongestReason = 500;

    /// <summary>Forces a circuit; one that is forced already is from now on forced so.</summary>
    /// <param name="service">The service.</param>
    /// <param name="state">Open: nothing goes through. Closed: everything does, whatever fails.</param>
    /// <param name="until">When it ends by itself (UTC): from now to 24 hours from now.</param>
    /// <param name="reason">Why, in 3 to 500 characters.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="RequestException">A value is none that it may be, the service has no circuit, or a policy of its own forces it.</exception>
    public Task<CircuitForce?> ForceAsync(ObjectKey service, ForcedCircuitState state, DateTimeOffset until, string? reason, CancellationToken cancellationToken) =>
        RunAsync(new(service.Namespace, service.Name, state, until), reason, approval: null, cancellationToken);

    /// <summary>Leaves a circuit to itself again, which was forced here.</summary>
    /// <exception cref="RequestException">It is not forced, or not here.</exception>
    public Task ReleaseAsync(ObjectKey service, string? reason, CancellationToken cancellationToken) =>
        RunAsync(new(service.Namespace, service.Name, State: null, Until: null), reason, approval: null, cancellationToken);

    /// <summary>What forcing takes of the caller.</summary>
    public CommandRequirements Requirements(ObjectKey service) => _gate.RequirementsOf(CommandFor(service));

    /// <inheritdoc/>
    public async Task<string?> RunApprovedAsync(JsonNode change, string? reason, ApprovalGrant grant, CancellationToken cancellationToken)
    {
        try
        {
            await RunAsync(change.Deserialize<CircuitChange>(KubeJson.Options)!, reason, grant, cancellationToken);
            return null;
        }
        catch (RequestException e) when (e.StatusCode is HttpStatusCode.UnprocessableEntity or HttpStatusCode.NotFound)
        {
            return e.Message; // its time is over by now, or its service gone
        }
    }

    private Command CommandFor(ObjectKey service)
    {
        var declared = _services.Find(service)?.Service.Spec;
        return new Command(Permissions.ForceCircuit, new CommandSubject(ManagedService.ResourceType.Kind, service.Namespace, service.Name)
        {
            Team = declared?.Owner.Team,
            Tier = declared?.Tier.ToString(),
            Frameworks = declared?.Compliance?.Frameworks ?? [],
        });
    }

    private Task<CircuitForce?> RunAsync(CircuitChange change, string? reason, ApprovalGrant? approval, CancellationToken cancellationToken)
    {
        Validate(change, reason);
        var command = CommandFor(change.Service) with
        {
            Reason = reason,
            Approval = approval,
            Change = JsonSerializer.SerializeToNode(change, KubeJson.Options),
            Plan = cancel => PlanAsync(change, reason, cancel),
        };
        return _gate.RunAsync(command, (trace, cancel) => RunAsync(change, reason, trace, cancel), cancellationToken);
    }

    private void Validate(CircuitChange change, string? reason)
    {
        var now = _time.GetUtcNow();
        if (change.State is not null && (change.Until <= now || change.Until > now + ForcedCircuits.Longest))
        {
            throw Unfit("until", string.Create(CultureInfo.InvariantCulture, $"until must lie between now and {ForcedCircuits.Longest.TotalHours:0} hours from now: what shall hold for longer belongs into a CircuitPolicy"));
        }

        if (change.State is not null && reason?.Length is null or < ShortestReason or > LongestReason)
        {
            throw Unfit("reason", string.Create(CultureInfo.InvariantCulture, $"say why, in {ShortestReason} to {LongestReason} characters: those who find the circuit so will read it (header {Reasons.Header})"));
        }
    }

    private async Task<CommandPlan> PlanAsync(CircuitChange change, string? reason, CancellationToken cancellationToken)
    {
        var before = await FindAsync(change, cancellationToken);
        Check(change, before);
        var after = change.State is { } state ? await ApplyAsync(change, state, reason!, Write with { DryRun = true }, cancellationToken) : null;
        var diff = ObjectDiff.Of(before, after);
        var action = after is null ? PlannedAction.Delete : before is null ? PlannedAction.Create : PlannedAction.Update;
        return new(
            Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(diff.Fields))),
            [new PlannedChange(CircuitPolicy.ResourceType.Kind, change.Policy.Namespace, change.Policy.Name, action, diff.Before, diff.After)]);
    }

    private async Task<CircuitForce?> RunAsync(CircuitChange change, string? reason, CommandTrace trace, CancellationToken cancellationToken)
    {
        var before = await FindAsync(change, cancellationToken);
        Check(change, before);
        trace.Before = RecordedState.Of(before);
        if (change.State is not { } state)
        {
            await _api.DeleteAsync(CircuitPolicy.ResourceType, change.Policy, new DeletePreconditions((string?)before!["metadata"]!["uid"]), cancellationToken);
            return null;
        }

        trace.After = RecordedState.Of(await ApplyAsync(change, state, reason!, Write, cancellationToken));
        return new(state == ForcedCircuitState.Open, change.Until!.Value, reason!, change.Policy.Name, IsReleasable: true);
    }

    private async Task<JsonObject> ApplyAsync(CircuitChange change, ForcedCircuitState state, string reason, WriteOptions options, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(ForcedCircuits.Manifest(change.Service, state, change.Until!.Value, reason), KubeJson.Options);
        return JsonNode.Parse(await _api.ApplyAsync(CircuitPolicy.ResourceType, change.Policy, body, options, cancellationToken))!.AsObject();
    }

    private async Task<JsonObject?> FindAsync(CircuitChange change, CancellationToken cancellationToken)
    {
        try
        {
            return JsonNode.Parse(await _api.GetBytesAsync(CircuitPolicy.ResourceType, change.Policy, cancellationToken))!.AsObject();
        }
        catch (KubeApiException e) when (e.IsNotFound)
        {
            return null;
        }
    }

    /// <summary>Whether it would do what is asked.</summary>
    private void Check(CircuitChange change, JsonObject? stored)
    {
        if (stored is not null && !ForcedCircuits.IsOurs(stored))
        {
            throw new RequestException(HttpStatusCode.Conflict, "policy", $"there is a CircuitPolicy {change.Policy} that was not made here: rename it first");
        }

        if (change.State is null)
        {
            _ = stored ?? throw new RequestException(HttpStatusCode.NotFound, "force", $"the circuit of {change.Service} is not forced here");
            return;
        }

        if (_services.Find(change.Service) is not { HasCircuit: true } service)
        {
            throw new RequestException(HttpStatusCode.NotFound, "service", $"{change.Service} has no circuit: declare a CircuitPolicy for it");
        }

        if (service.Force?.From is { Scope: PolicyScope.Service } other && other.Key != change.Policy)
        {
            throw new RequestException(HttpStatusCode.Conflict, "force", $"CircuitPolicy {other.Key} of the service forces the circuit itself, and is older: change it there");
        }
    }

    private static RequestException Unfit(string field, string message) => new(HttpStatusCode.UnprocessableEntity, field, message);

    /// <summary>What is asked for, as it waits for its approval; no state releases.</summary>
    private sealed record CircuitChange(string Namespace, string Name, ForcedCircuitState? State, DateTimeOffset? Until)
    {
        internal ObjectKey Service => new(Namespace, Name);

        internal ObjectKey Policy => new(Namespace, ForcedCircuits.NameFor(Name));
    }
}
