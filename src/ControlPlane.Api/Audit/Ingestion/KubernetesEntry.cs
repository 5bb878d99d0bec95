using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Compliance.Audit;
using ControlPlane.Api.Audit.Recording;
using ControlPlane.Kubernetes.Resources;
using Operators.Cluster;

namespace ControlPlane.Api.Audit.Ingestion;

/// <summary>Makes an entry of the log from what an API server says of a write. Names of people become opaque, and no body is kept but of our own kind.</summary>
internal sealed class KubernetesEntry(FleetCaches caches, Pseudonyms pseudonyms)
{
    /// <summary>Realm of the ids of people whom Kubernetes knows by name.</summary>
    public const string Realm = "kubernetes";

    private const string Source = "kube-apiserver";
    private const int MostFields = 30;
    private const int LongestName = 250;

    private static readonly Dictionary<(string Group, string Plural), string> Kinds = OwnedKinds.All.Concat(OwnedKinds.Workloads)
        .Concat([ManagedService.ResourceType, KnownResources.Namespaces, KnownResources.Nodes, KnownResources.Pods, KnownResources.ConfigMaps, KnownResources.CustomResourceDefinitions, KnownResources.ReplicaSets])
        .DistinctBy(type => (type.Group, type.Plural))
        .Append(new("", "v1", "secrets", "Secret"))
        .ToDictionary(type => (type.Group, type.Plural), type => type.Kind);

    public async ValueTask<AuditEvent> OfAsync(KubernetesEvent item, CancellationToken cancellationToken)
    {
        var about = item.ObjectRef!;
        var name = about.Name.Length > 0 ? about.Name : (string?)(item.ResponseObject as JsonObject)?["metadata"]?["name"] ?? "(all)";
        var (actor, personal) = await ActorAsync(item, cancellationToken);
        var details = Details(item);
        if (item.ImpersonatedUser is not null)
        {
            var (_, impersonator, theirs) = await NamedAsync(item.User, "impersonator.name", cancellationToken);
            details["impersonatedBy"] = impersonator;
            personal = [.. personal, .. theirs];
        }

        return RecordedState.Fit(new AuditEvent
        {
            Id = IdOf(item),
            Source = Source,
            OccurredAt = item.RequestReceivedTimestamp.ToUniversalTime(),
            Actor = actor,
            Action = $"kubernetes.{item.Verb}",
            Object = new(KindOf(about), about.Namespace, name),
            Outcome = item.ResponseStatus?.Code switch { null or (>= 200 and < 300) => AuditOutcome.Succeeded, 401 or 403 => AuditOutcome.Refused, _ => AuditOutcome.Failed },
            CorrelationId = $"audit:{Cut(item.AuditId)}",
            Frameworks = FrameworksOf(about),
            After = After(item),
            Details = details,
            PersonalData = personal,
        });
    }

    /// <summary>What can be recorded of an event that can't be recorded as it is.</summary>
    public static AuditEvent Unfit(AuditEvent item, AuditEventException why) => new()
    {
        Id = item.Id,
        Source = Source,
        OccurredAt = item.OccurredAt.Year is >= 2000 and < 2200 ? item.OccurredAt : DateTimeOffset.UnixEpoch.AddYears(30),
        Actor = new(AuditActorKind.Anonymous, "unknown", "kubernetes"),
        Action = "kubernetes.unreadable",
        Outcome = AuditOutcome.Failed,
        Details = new JsonObject { ["field"] = why.Field },
    };

    /// <summary>
    /// The same event always has the same id, so that one that is sent twice is recorded once. Not by its audit id alone: a client may choose
    /// that, and could hide a write behind an earlier one's.
    /// </summary>
    private static Guid IdOf(KubernetesEvent item)
    {
        var text = string.Join('\n', item.AuditId, item.Stage, item.Verb, item.RequestUri, item.User.Username, item.RequestReceivedTimestamp.ToString("O"), item.StageTimestamp.ToString("O"));
        Span<byte> id = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), id);
        Span<byte> time = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(time, item.RequestReceivedTimestamp.ToUnixTimeMilliseconds());
        time[2..].CopyTo(id);
        id[6] = (byte)((id[6] & 0x0F) | 0x70); // UUIDv7 (RFC 9562): time, version, and a hash where others have chance
        id[8] = (byte)((id[8] & 0x3F) | 0x80);
        return new Guid(id[..16], bigEndian: true);
    }

    private async ValueTask<(AuditActor Actor, IReadOnlyList<PersonalDatum> Personal)> ActorAsync(KubernetesEvent item, CancellationToken cancellationToken)
    {
        var via = item.UserAgent?.StartsWith("kubectl", StringComparison.OrdinalIgnoreCase) == true ? "kubectl" : "kubernetes";
        var (kind, id, personal) = await NamedAsync(item.ImpersonatedUser ?? item.User, "actor.name", cancellationToken);
        return (new(kind, id, via), [.. personal, .. Address(item, id)]);
    }

    /// <summary>Names of the cluster's own parts begin with <c>system:</c> and say nothing of a person; any other name may be one's own.</summary>
    private async ValueTask<(AuditActorKind Kind, string Id, IReadOnlyList<PersonalDatum> Personal)> NamedAsync(
        KubernetesUser user, string field, CancellationToken cancellationToken)
    {
        if (user.Username is "" or "system:anonymous")
        {
            return (AuditActorKind.Anonymous, "system:anonymous", []);
        }

        if (user.Username.StartsWith("system:", StringComparison.Ordinal))
        {
            return (AuditActorKind.Workload, Cut(user.Username), []);
        }

        var id = await pseudonyms.OfAsync(Realm, user.Username, cancellationToken);
        return (AuditActorKind.Person, id, [new(id, field, user.Username)]);
    }

    private static IReadOnlyList<PersonalDatum> Address(KubernetesEvent item, string subject) =>
        item.SourceAddresses is [{ Length: > 0 } first, ..] ? [new(subject, "actor.address", first)] : [];

    private static string KindOf(KubernetesObjectReference about)
    {
        var kind = Kinds.GetValueOrDefault((about.ApiGroup, about.Resource)) ?? Cut(about.Resource);
        return about.Subresource.Length > 0 ? $"{kind}/{Cut(about.Subresource)}" : kind;
    }

    private IReadOnlyList<string> FrameworksOf(KubernetesObjectReference about) =>
        IsService(about) && caches.Services.Cache.Find(new(about.Namespace, about.Name)) is { Spec.Compliance.Frameworks: { } frameworks } ? frameworks : [];

    /// <summary>Declarations of services only: what else a cluster holds may be secret where its kind does not say so.</summary>
    private static JsonObject? After(KubernetesEvent item) =>
        IsService(item.ObjectRef!) && item.Verb != "delete" && item.ResponseObject is JsonObject { } body && (string?)body["kind"] == ManagedService.ResourceType.Kind
            ? RecordedState.Of(body)
            : null;

    private static bool IsService(KubernetesObjectReference about) =>
        (about.ApiGroup, about.Resource, about.Subresource) == (FleetApi.Group, ManagedService.ResourceType.Plural, "");

    private static JsonObject Details(KubernetesEvent item)
    {
        var details = new JsonObject { ["status"] = item.ResponseStatus?.Code, ["agent"] = Cut(item.UserAgent?.Split(' ')[0] ?? "") };
        if (KubernetesWrites.FieldManager(item) is { } manager)
        {
            details["fieldManager"] = Cut(manager);
        }

        if (item.Verb == "patch" && item.ObjectRef!.Resource != "secrets" && PatchedFields.Of(item.RequestObject).Take(MostFields).Select(Cut).ToList() is { Count: > 0 } fields)
        {
            details["fields"] = new JsonArray([.. fields.Select(field => JsonValue.Create(field))]);
        }

        return details;
    }

    private static string Cut(string text) => text.Length <= LongestName ? text : text[..LongestName];
}
