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
    /// Applies what is desired and deletes what is not. One refused object does not stop the others; when the API can't be reached, asks to be
    /// left alone for a while, or the call is cancelled, the rest is not tried. It does not throw for any of that: what was written by then must
    /// be told.
    /// </summary>
    /// <param name="owner">The object that all of this is for; carries the owner reference.</param>
    /// <param name="desired">What should exist.</param>
    /// <param name="existing">What the caches show to belong to the owner.</param>
    /// <param name="takeOver">True: an object that exists and belongs to nobody becomes ours.</param>
    /// <param name="cancellationToken">Stops.</param>
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
            if (!await TryAsync(item.Type, item.Key, () => ApplyAsync(owner, item, found, takeOver, result, cancellationToken), result))
            {
                return result;
            }
        }

        foreach (var ((type, key), orphan) in live.Where(item => MayDelete(item.Value, owner)))
        {
            if (!await TryAsync(type, key, () => DeleteAsync(type, key, orphan, result, cancellationToken), result))
            {
                return result;
            }
        }

        return result;
    }

    /// <summary>Does one object; false when the next would only fail the same way.</summary>
    private static async Task<bool> TryAsync(ResourceType type, ObjectKey key, Func<Task> step, ApplyResult result)
    {
        try
        {
            await step();
            return true;
        }
        catch (KubeApiException e)
        {
            result.Add(new ApplyFailure(type, key, e.Message, RetryAfter: e.RetryAfter));
            return e.RetryAfter is null;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or TimeoutException or OperationCanceledException or JsonException)
        {
            result.Add(new ApplyFailure(type, key, e.Message));
            return false;
        }
    }

    private async Task ApplyAsync(
        OwnerReference owner, DesiredObject desired, LiveObject? live, bool takeOver, ApplyResult result, CancellationToken cancellationToken)
    {
        live ??= await CreateAsync(desired, result, cancellationToken);
        if (live is null)
        {
            return;
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

        desired = ours ? desired.On(live) : desired.AsTakenOver();
        if (!NeedsWrite(desired, live, out var drift))
        {
            return;
        }

        var basedOn = await PrepareAsync(desired, live, cancellationToken);
        var body = await api.ApplyAsync(desired.Type, desired.Key, desired.ToApply(live.Metadata.Uid), _apply, cancellationToken);
        metrics.Wrote(desired.Type.QualifiedName, "applied");
        if (ours && live.AppliedFingerprint == desired.Fingerprint)
        {
            TellRepair(desired, live, drift, body, basedOn, result);
            return;
        }

        Remember(desired, body, basedOn);
        var action = ours ? ChangeAction.Updated : ChangeAction.TakenOver;
        result.Add(new AppliedChange(desired.Type, desired.Key, action, [.. drift.Select(field => field.ToString())]) { Stored = body });
    }

    /// <summary>True when the live object is not as declared, or holds a field of ours that is no longer declared.</summary>
    public static bool Differs(DesiredObject desired, LiveObject live)
    {
        ArgumentNullException.ThrowIfNull(desired);
        ArgumentNullException.ThrowIfNull(live);
        var wanted = desired.On(live);
        return live.AppliedFingerprint != wanted.Fingerprint || FindDrift(wanted, live.Json).Count > 0;
    }

    /// <summary>Creates by POST, under our manager. Returns the object that is in the way when there is one.</summary>
    private async Task<LiveObject?> CreateAsync(DesiredObject desired, ApplyResult result, CancellationToken cancellationToken)
    {
        if (tracker.Last(desired.Type, desired.Key)?.Fingerprint == desired.Fingerprint && !await IsGoneAsync(desired, cancellationToken))
        {
            return null; // we made it; its echo is on the way
        }

        try
        {
            var body = await api.CreateAsync(desired.Type, desired.Key.Namespace, desired.ToCreate(), _create, cancellationToken);
            Remember(desired, body, basedOn: null);
            metrics.Wrote(desired.Type.QualifiedName, "created");
            result.Add(new AppliedChange(desired.Type, desired.Key, ChangeAction.Created, []) { Stored = body });
            return null;
        }
        catch (KubeApiException e) when (e.IsAlreadyExists)
        {
            // Either the cache is behind, or somebody else's object has the name.
            var decoder = new LiveObjectDecoder(fieldManager, desired.Initially?.Path);
            return decoder.Decode(await api.GetBytesAsync(desired.Type, desired.Key, cancellationToken));
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

    private bool NeedsWrite(DesiredObject desired, LiveObject live, out IReadOnlyList<FieldPath> drift)
    {
        drift = [];
        var last = tracker.Last(desired.Type, desired.Key) is { } write && write.Fingerprint == desired.Fingerprint ? write : null;
        if (last is not null && tracker.IsStale(desired.Type, desired.Key, live.Metadata.ResourceVersion))
        {
            return false; // the cache shows the time before our last write, which said just this
        }

        drift = FindDrift(desired, live.Json);
        if (last is null)
        {
            return drift.Count > 0 || live.AppliedFingerprint != desired.Fingerprint; // a field that is no longer declared must be given up
        }

        if (last.ResourceVersion == live.Metadata.ResourceVersion)
        {
            LearnNormalised(desired, drift); // nobody but the server can have turned what we sent into this
            return false;
        }

        drift = [.. drift.Where(field => !last.Normalised.Contains(field.ToString()))];
        return drift.Count > 0 || live.AppliedFingerprint != desired.Fingerprint;
    }

    /// <summary>What must happen to the records of ownership before an apply can do its work. Returns the version that the apply will change.</summary>
    private async Task<string?> PrepareAsync(DesiredObject desired, LiveObject live, CancellationToken cancellationToken)
    {
        var handsOver = desired.Initially is not null && live.Ownership.HoldsInitialField;
        if (live.Ownership.HasUpdateEntry)
        {
            return live.Applied?.Shape == desired.Shape
                ? live.Metadata.ResourceVersion // the apply leaves no field out: what is ours by update does no harm
                : await UpgradeAsync(desired, handsOver ? desired.Initially!.Path : null, cancellationToken);
        }

        return handsOver ? ObjectHeader.Read(await HandOverAsync(desired, desired.Initially!, live, cancellationToken)).ResourceVersion : live.Metadata.ResourceVersion;
    }

    private async Task<string?> UpgradeAsync(DesiredObject desired, FieldPath? released, CancellationToken cancellationToken)
    {
        var present = JsonNode.Parse(await api.GetBytesAsync(desired.Type, desired.Key, cancellationToken))!["metadata"]!.AsObject();
        return ManagedFieldsUpgrade.Patch(present, fieldManager, released) is { } patch
            ? ObjectHeader.Read(await api.JsonPatchAsync(desired.Type, desired.Key, patch, _create, cancellationToken)).ResourceVersion
            : (string?)present["resourceVersion"];
    }

    /// <summary>
    /// A field that our last apply set and that the next one leaves out would be reset to its default: replicas to 1, while the autoscaler has
    /// not yet spoken. So a second manager takes it first, at its present value, as the Kubernetes documentation of server-side apply advises.
    /// </summary>
    private Task<byte[]> HandOverAsync(DesiredObject desired, InitialField initially, LiveObject live, CancellationToken cancellationToken)
    {
        var present = JsonNode.Parse(live.Json.Span)?[initially.Parent]?[initially.Field] ?? initially.Value;
        JsonObject partial = new()
        {
            ["apiVersion"] = desired.Type.ApiVersion,
            ["kind"] = desired.Type.Kind,
            ["metadata"] = new JsonObject
            {
                ["name"] = desired.Key.Name,
                ["namespace"] = desired.Key.Namespace,
                ["resourceVersion"] = live.Metadata.ResourceVersion, // the value must be the present one, not one of which the cache has not heard
            },
            [initially.Parent] = new JsonObject { [initially.Field] = present.DeepClone() },
        };
        var body = JsonSerializer.SerializeToUtf8Bytes(partial, KubeJson.Options);
        return api.ApplyAsync(desired.Type, desired.Key, body, _apply with { FieldManager = $"{fieldManager}-handover" }, cancellationToken);
    }

    private async Task DeleteAsync(ResourceType type, ObjectKey key, LiveObject orphan, ApplyResult result, CancellationToken cancellationToken)
    {
        if (await api.DeleteAsync(type, key, new DeletePreconditions(orphan.Metadata.Uid), cancellationToken))
        {
            metrics.Wrote(type.QualifiedName, "deleted");
            result.Add(new AppliedChange(type, key, ChangeAction.Deleted, []));
        }

        tracker.Gone(type, key);
    }

    /// <summary>Tells which fields were put back, and whose change that undid. Those that the server stores otherwise are not among them.</summary>
    private void TellRepair(
        DesiredObject desired, LiveObject live, IReadOnlyList<FieldPath> drift, byte[] stored, string? basedOn, ApplyResult result)
    {
        Remember(desired, stored, basedOn);
        var normalised = LearnNormalised(desired, FindDrift(desired, stored));
        IReadOnlyList<FieldPath> repaired = [.. drift.Where(field => !normalised.Contains(field.ToString()))];
        if (repaired.Count > 0)
        {
            var fields = repaired.Select(field => field.ToString());
            result.Add(new AppliedChange(desired.Type, desired.Key, ChangeAction.Repaired, [.. fields], live.LastForeignManager(repaired)) { Stored = stored });
        }
    }

    private HashSet<string> LearnNormalised(DesiredObject desired, IReadOnlyList<FieldPath> otherwise)
    {
        var fields = otherwise.Select(field => field.ToString()).ToHashSet(StringComparer.Ordinal);
        if (fields.Count > 0)
        {
            LogNormalised(desired.Type, desired.Key, fields.First());
        }

        tracker.Normalised(desired.Type, desired.Key, fields);
        return fields;
    }

    private void Remember(DesiredObject desired, byte[] stored, string? basedOn) =>
        tracker.Wrote(desired.Type, desired.Key, stored, basedOn, desired.Fingerprint);

    private static IReadOnlyList<FieldPath> FindDrift(DesiredObject desired, ReadOnlyMemory<byte> live)
    {
        using var wanted = JsonDocument.Parse(desired.Json);
        using var found = JsonDocument.Parse(live);
        return DriftFinder.Find(wanted.RootElement, found.RootElement);
    }

    /// <summary>Ours: made for this owner, or for an earlier one of the same name whose leavings the cluster has not collected yet.</summary>
    private static bool IsOurs(LiveObject live, OwnerReference owner) =>
        live.Metadata.OwnerReferences.Any(reference => reference.Uid == owner.Uid)
        || (live.Ownership.IsOurs
            && live.Metadata.Labels.GetValueOrDefault(FleetApi.InventoryLabel) == owner.Name
            && live.Metadata.OwnerReferences.All(reference => reference.Kind == owner.Kind && reference.Name == owner.Name));

    /// <summary>
    /// Only what we made ourselves: a copy that somebody made of it may carry our labels, even our owner reference, and what was taken over was
    /// there before us.
    /// </summary>
    private static bool MayDelete(LiveObject orphan, OwnerReference owner) =>
        orphan.Metadata.DeletionTimestamp is null && orphan.Ownership.IsOurs && !orphan.IsTakenOver && IsOurs(orphan, owner);

    private static string Describe(LiveObject live) =>
        live.Metadata.ControllerOwner is { } controller ? $"{controller.Kind} {controller.Name}"
        : live.LastForeignManager([]) is { } manager ? $"field manager '{manager}'"
        : "somebody else";

    [LoggerMessage(Level = LogLevel.Warning, Message = "The server changes {Field} of {Type} {Key} as we apply it; it is left as the server has it")]
    private partial void LogNormalised(ResourceType type, ObjectKey key, string field);
}
