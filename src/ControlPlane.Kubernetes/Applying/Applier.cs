using System.Text.Json;
using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Metrics;
using ControlPlane.Kubernetes.Resources;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Kubernetes.Applying;

/// <summary>
/// Brings owned objects to their declared state: server-side apply under one field manager, deletion of what is no longer declared, and not a
/// single write for what is as declared already (an apply that changes nothing costs the server as much as one that does).
/// </summary>
public sealed partial class Applier(KubeApi api, WriteTracker tracker, RuntimeMetrics metrics, string fieldManager, ILogger<Applier> logger)
{
    private readonly WriteOptions _create = new() { FieldManager = fieldManager };
    private readonly WriteOptions _apply = new() { FieldManager = fieldManager, Force = true };

    /// <summary>
    /// Applies what is desired and deletes what is not. Every object is tried, whatever becomes of the others.
    /// </summary>
    /// <param name="owner">The object that all of this is for; carries the owner reference.</param>
    /// <param name="desired">What should exist.</param>
    /// <param name="existing">What the caches show to belong to the owner.</param>
    /// <param name="takeOver">True: an object that exists and belongs to nobody becomes ours.</param>
    /// <param name="cancellationToken">Stops between two writes.</param>
    /// <exception cref="HttpRequestException">The API can't be reached: the rest would fail the same way.</exception>
    public async Task<ApplyResult> ApplyAsync(
        OwnerReference owner,
        IReadOnlyList<DesiredObject> desired,
        IReadOnlyList<(ResourceType Type, LiveObject Object)> existing,
        bool takeOver,
        CancellationToken cancellationToken)
    {
        var result = new ApplyResult();
        var live = existing.ToDictionary(item => (item.Type, item.Object.Metadata.Key), item => item.Object);
        foreach (var item in desired)
        {
            live.Remove((item.Type, item.Key), out var found);
            try
            {
                await ApplyAsync(owner, item, found, takeOver, result, cancellationToken);
            }
            catch (KubeApiException e) when (e.RetryAfter is null)
            {
                result.Add(new ApplyFailure(item.Type, item.Key, e.Message));
            }
        }

        foreach (var ((type, key), orphan) in live)
        {
            if (orphan.Metadata.DeletionTimestamp is null)
            {
                await DeleteAsync(type, key, orphan, result, cancellationToken);
            }
        }

        return result;
    }

    private async Task ApplyAsync(
        OwnerReference owner, DesiredObject desired, LiveObject? live, bool takeOver, ApplyResult result, CancellationToken cancellationToken)
    {
        if (live is null)
        {
            if (tracker.Last(desired.Type, desired.Key)?.Fingerprint == desired.Fingerprint && !await IsGoneAsync(desired, cancellationToken))
            {
                return; // we made it; its echo is on the way
            }

            live = await CreateAsync(desired, result, cancellationToken);
            if (live is null)
            {
                return;
            }
        }

        if (live.Metadata.DeletionTimestamp is not null)
        {
            result.Add(new ApplyFailure(desired.Type, desired.Key, $"{desired.Type.Kind} {desired.Key} is being deleted; it is made again once it is gone"));
            return;
        }

        var ours = IsOurs(live, owner);
        if (!ours && (!takeOver || live.Metadata.ControllerOwner is not null))
        {
            var who = Describe(live);
            result.Add(new ApplyFailure(desired.Type, desired.Key, $"{desired.Type.Kind} {desired.Key} exists already and belongs to {who}", who));
            return;
        }

        if (!NeedsWrite(desired, live, out var fields))
        {
            return;
        }

        var intended = live.AppliedFingerprint != desired.Fingerprint;
        var manager = intended ? null : live.LastForeignManager(fields);
        if (desired.Initially is { } initially && live.AppliesInitialField)
        {
            await HandOverAsync(desired, initially, live, cancellationToken);
        }

        var body = await api.ApplyAsync(desired.Type, desired.Key, desired.ToApply(), _apply, cancellationToken);
        if (live.CreatedByUpdate)
        {
            body = await DropLeftoversAsync(desired, body, cancellationToken);
        }

        Remember(desired, body);
        var action = !ours ? ChangeAction.TakenOver : intended ? ChangeAction.Updated : ChangeAction.Repaired;
        metrics.Wrote(desired.Type.QualifiedName, "applied");
        result.Add(new AppliedChange(desired.Type, desired.Key, action, [.. fields.Select(field => field.ToString())], manager));
    }

    /// <summary>True when the live object is not as declared, or holds a field of ours that is no longer declared.</summary>
    public static bool Differs(DesiredObject desired, LiveObject live)
    {
        ArgumentNullException.ThrowIfNull(desired);
        ArgumentNullException.ThrowIfNull(live);
        return live.AppliedFingerprint != desired.Fingerprint || Drift(desired, live).Count > 0;
    }

    private static IReadOnlyList<FieldPath> Drift(DesiredObject desired, LiveObject live)
    {
        using var wanted = JsonDocument.Parse(desired.Json);
        using var found = JsonDocument.Parse(live.Json);
        return DriftFinder.Find(wanted.RootElement, found.RootElement);
    }

    /// <summary>Creates by POST, under our manager. Returns the object that is in the way when there is one.</summary>
    private async Task<LiveObject?> CreateAsync(DesiredObject desired, ApplyResult result, CancellationToken cancellationToken)
    {
        try
        {
            var body = await api.CreateAsync(desired.Type, desired.Key.Namespace, desired.ToCreate(), _create, cancellationToken);
            Remember(desired, body);
            metrics.Wrote(desired.Type.QualifiedName, "created");
            result.Add(new AppliedChange(desired.Type, desired.Key, ChangeAction.Created, []));
            return null;
        }
        catch (KubeApiException e) when (e.IsAlreadyExists)
        {
            // Either the cache is behind, or somebody else's object has the name.
            return new LiveObjectDecoder(fieldManager).Decode(await api.GetBytesAsync(desired.Type, desired.Key, cancellationToken));
        }
    }

    private async Task<bool> IsGoneAsync(DesiredObject desired, CancellationToken cancellationToken)
    {
        try
        {
            await api.GetBytesAsync(desired.Type, desired.Key, cancellationToken);
            return false;
        }
        catch (KubeApiException e) when (e.IsNotFound)
        {
            tracker.Gone(desired.Type, desired.Key);
            return true;
        }
    }

    private bool NeedsWrite(DesiredObject desired, LiveObject live, out IReadOnlyList<FieldPath> fields)
    {
        fields = [];
        var last = tracker.Last(desired.Type, desired.Key);
        var sameIntent = last?.Fingerprint == desired.Fingerprint;
        if (sameIntent && tracker.IsStale(desired.Type, desired.Key, live.Metadata.ResourceVersion))
        {
            return false; // the cache shows the time before our last write, which said just this
        }

        fields = Drift(desired, live);
        if (fields.Count == 0)
        {
            return live.AppliedFingerprint != desired.Fingerprint; // a field that is no longer declared must be given up
        }

        if (sameIntent && last!.ResourceVersion == live.Metadata.ResourceVersion)
        {
            // The server itself turned what we sent into this. Sending it again would go on for ever.
            LogNormalised(desired.Type, desired.Key, fields[0].ToString());
            return false;
        }

        return true;
    }

    /// <summary>
    /// A field that our last apply set and that the next one leaves out would be reset to its default: replicas to 1, while the autoscaler has
    /// not yet spoken. So a second manager takes it first, at its present value, as the Kubernetes documentation of server-side apply advises.
    /// </summary>
    private async Task HandOverAsync(DesiredObject desired, InitialField initially, LiveObject live, CancellationToken cancellationToken)
    {
        var present = JsonNode.Parse(live.Json.Span)?[initially.Parent]?[initially.Field] ?? initially.Value;
        JsonObject partial = new()
        {
            ["apiVersion"] = desired.Type.ApiVersion,
            ["kind"] = desired.Type.Kind,
            ["metadata"] = new JsonObject { ["name"] = desired.Key.Name, ["namespace"] = desired.Key.Namespace },
            [initially.Parent] = new JsonObject { [initially.Field] = present.DeepClone() },
        };
        var body = JsonSerializer.SerializeToUtf8Bytes(partial, KubeJson.Options);
        await api.ApplyAsync(desired.Type, desired.Key, body, _apply with { FieldManager = $"{fieldManager}-handover" }, cancellationToken);
    }

    /// <summary>
    /// An object created by POST has our fields recorded as an update, and apply only removes fields that an apply had set. If our update entry
    /// still holds fields that are no longer declared, turn it into an apply entry and apply once more (as client-go's csaupgrade does).
    /// </summary>
    private async Task<byte[]> DropLeftoversAsync(DesiredObject desired, byte[] applied, CancellationToken cancellationToken)
    {
        IReadOnlyCollection<FieldPath> ignored = desired.Initially is { } initially ? [initially.Path] : [];
        if (ManagedFieldsUpgrade.Patch(applied, fieldManager, ignored) is not { } patch)
        {
            return applied;
        }

        await api.JsonPatchAsync(desired.Type, desired.Key, patch, _create, cancellationToken);
        return await api.ApplyAsync(desired.Type, desired.Key, desired.ToApply(), _apply, cancellationToken);
    }

    private async Task DeleteAsync(ResourceType type, ObjectKey key, LiveObject orphan, ApplyResult result, CancellationToken cancellationToken)
    {
        try
        {
            var uidOnly = new DeletePreconditions(orphan.Metadata.Uid);
            if (await api.DeleteAsync(type, key, uidOnly, cancellationToken))
            {
                metrics.Wrote(type.QualifiedName, "deleted");
                result.Add(new AppliedChange(type, key, ChangeAction.Deleted, []));
            }

            tracker.Gone(type, key);
        }
        catch (KubeApiException e) when (e.RetryAfter is null)
        {
            result.Add(new ApplyFailure(type, key, e.Message));
        }
    }

    private void Remember(DesiredObject desired, byte[] stored)
    {
        if (ObjectHeader.Read(stored).ResourceVersion is { } version)
        {
            tracker.Wrote(desired.Type, desired.Key, version, desired.Fingerprint);
        }
    }

    /// <summary>Ours: made for this owner, or for an earlier one of the same name whose leavings the cluster has not collected yet.</summary>
    private static bool IsOurs(LiveObject live, OwnerReference owner) =>
        live.Metadata.OwnerReferences.Any(reference => reference.Uid == owner.Uid)
        || (live.AppliedFingerprint is not null
            && live.Metadata.Labels.GetValueOrDefault(FleetApi.InventoryLabel) == owner.Name
            && live.Metadata.OwnerReferences.All(reference => reference.Kind == owner.Kind && reference.Name == owner.Name));

    private static string Describe(LiveObject live) =>
        live.Metadata.ControllerOwner is { } controller ? $"{controller.Kind} {controller.Name}"
        : live.LastForeignManager([]) is { } manager ? $"field manager '{manager}'"
        : "somebody else";

    [LoggerMessage(Level = LogLevel.Warning, Message = "The server changes {Field} of {Type} {Key} as we apply it; it is left as the server has it")]
    private partial void LogNormalised(ResourceType type, ObjectKey key, string field);
}

/// <summary>What an apply of several objects did.</summary>
public sealed class ApplyResult
{
    private readonly List<AppliedChange> _changes = [];
    private readonly List<ApplyFailure> _failures = [];

    /// <summary>Writes, in order.</summary>
    public IReadOnlyList<AppliedChange> Changes => _changes;

    /// <summary>Objects that are not as declared.</summary>
    public IReadOnlyList<ApplyFailure> Failures => _failures;

    internal void Add(AppliedChange change) => _changes.Add(change);

    internal void Add(ApplyFailure failure) => _failures.Add(failure);
}
