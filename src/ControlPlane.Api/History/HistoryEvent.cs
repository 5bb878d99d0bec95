using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Compliance.Audit;
using ControlPlane.Api.Audit;
using ControlPlane.Api.Manifests;
using ControlPlane.Kubernetes.Resources;

namespace ControlPlane.Api.History;

/// <summary>
/// How a declaration is put on record whenever it changes: the whole desired state, so that what it was at an instant is one entry, and not the
/// sum of all before.
/// </summary>
public static class HistoryEvent
{
    /// <summary>Action of the entries that hold a declaration.</summary>
    public const string Snapshot = "history.snapshot";

    /// <summary>Action of the entries that say which services there were.</summary>
    public const string Fleet = "history.fleet";

    private const string Source = "history";
    private const string Packed = "gzip";

    /// <summary>A longer state is packed: an entry holds 16 KiB, and needs some for the rest.</summary>
    private const int LongestPlain = 12 * 1024;

    private static readonly AuditActor Recorder = new(AuditActorKind.System, "dabbawala", "history");

    /// <summary>A declaration as it is now.</summary>
    public static AuditEvent Of(ManagedService service, HistoryChangeKind kind, DateTimeOffset now)
    {
        var state = StateOf(service);
        var text = JsonSerializer.SerializeToUtf8Bytes(state);
        var isLong = text.Length > LongestPlain;
        var details = About(service, kind);
        if (isLong)
        {
            details[Packed] = Pack(text);
        }

        return Make(service, kind, now, details) with { After = isLong ? null : state };
    }

    /// <summary>A declaration that is gone.</summary>
    public static AuditEvent Gone(ObjectKey key, string uid, long generation, DateTimeOffset now)
    {
        var last = new ManagedService { Metadata = new ObjectMeta { Namespace = key.Namespace, Name = key.Name, Uid = uid, Generation = generation } };
        return Make(last, HistoryChangeKind.Deleted, now, About(last, HistoryChangeKind.Deleted));
    }

    /// <summary>Which services there are, in as many entries as it takes. They are appended together or not at all.</summary>
    public static IReadOnlyList<AuditEvent> FleetOf(IReadOnlyCollection<RecordedService> services, DateTimeOffset now)
    {
        const int InOne = 120;
        var parts = services.OrderBy(service => service.Key, ObjectKey.ListOrder).Chunk(InOne).DefaultIfEmpty([]).ToList();
        var together = Guid.CreateVersion7(now).ToString("N");
        return
        [
            .. parts.Select((part, number) => new AuditEvent
            {
                Id = Guid.CreateVersion7(now),
                Source = Source,
                OccurredAt = now,
                Actor = Recorder,
                Action = Fleet,
                CorrelationId = together,
                Details = new JsonObject { ["part"] = number + 1, ["parts"] = parts.Count, ["services"] = services.Count },
                After = new JsonArray([.. part.Select(service => (JsonNode)new JsonArray(service.Key.Namespace, service.Key.Name, service.Uid, service.Generation))]),
            }),
        ];
    }

    /// <summary>Reads an entry of <see cref="Fleet"/>.</summary>
    public static IEnumerable<RecordedService> ReadFleet(RecordedEntry entry) => (entry.After as JsonArray ?? []).OfType<JsonArray>()
        .Select(item => new RecordedService(new((string)item[0]!, (string)item[1]!), (string)item[2]!, (long)item[3]!, Entry: null));

    /// <summary>The state that an entry of <see cref="Snapshot"/> holds; null for one of a deletion.</summary>
    public static JsonObject? ReadState(RecordedEntry entry) => entry.Details?[Packed] is { } packed
        ? JsonNode.Parse(Unpack((string)packed!)) as JsonObject
        : entry.After?.DeepClone() as JsonObject;

    /// <summary>What an entry of <see cref="Snapshot"/> says happened.</summary>
    public static HistoryChangeKind ReadKind(RecordedEntry entry) =>
        Enum.TryParse<HistoryChangeKind>((string?)entry.Details?["change"], out var kind) ? kind : HistoryChangeKind.Changed;

    /// <summary>The service that an entry of <see cref="Snapshot"/> is about.</summary>
    public static RecordedService Read(RecordedEntry entry) => new(
        new(entry.Object?.Namespace ?? "", entry.Object?.Name ?? ""), (string?)entry.Details?["uid"] ?? "", (long?)entry.Details?["generation"] ?? 0, entry.Index);

    private static AuditEvent Make(ManagedService service, HistoryChangeKind kind, DateTimeOffset now, JsonObject details) => new()
    {
        Id = IdOf(service, kind),
        Source = Source,
        OccurredAt = now,
        Actor = Recorder,
        Action = Snapshot,
        Object = new(ManagedService.ResourceType.Kind, service.Metadata.Namespace, service.Metadata.Name),
        Frameworks = [.. (service.Spec.Compliance?.Frameworks ?? []).Distinct()],
        Details = details,
    };

    private static JsonObject About(ManagedService service, HistoryChangeKind kind) => new()
    {
        ["change"] = kind.ToString(),
        ["generation"] = service.Metadata.Generation,
        ["uid"] = service.Metadata.Uid,
    };

    private static JsonObject StateOf(ManagedService service)
    {
        var state = ObjectDiff.Presentable(JsonSerializer.SerializeToNode(service, KubeJson.Options)!.AsObject())!;
        state["apiVersion"] = ManagedService.ResourceType.ApiVersion; // a real API server leaves both out of the items of a list
        state["kind"] = ManagedService.ResourceType.Kind;
        return state;
    }

    /// <summary>
    /// The same for the same generation of the same object, whoever records it: two processes that saw it, or one that starts again, record it
    /// once. A UUIDv7 in its form, with the time at which the object was made.
    /// </summary>
    private static Guid IdOf(ManagedService service, HistoryChangeKind kind)
    {
        var what = kind == HistoryChangeKind.Deleted ? "deleted" : service.Metadata.Generation.ToString(System.Globalization.CultureInfo.InvariantCulture);
        Span<byte> bytes = SHA256.HashData(Encoding.UTF8.GetBytes($"{Snapshot} {service.Metadata.Key} {service.Metadata.Uid} {what}"));
        BinaryPrimitives.WriteInt64BigEndian(bytes, ((service.Metadata.CreationTimestamp ?? DateTimeOffset.UnixEpoch).ToUnixTimeMilliseconds() << 16) | BinaryPrimitives.ReadUInt16BigEndian(bytes[16..]));
        bytes[6] = (byte)(0x70 | (bytes[6] & 0x0F));
        bytes[8] = (byte)(0x80 | (bytes[8] & 0x3F));
        return new Guid(bytes[..16], bigEndian: true);
    }

    private static string Pack(byte[] text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize))
        {
            gzip.Write(text);
        }

        return Convert.ToBase64String(packed.ToArray());
    }

    private static byte[] Unpack(string packed)
    {
        using var gzip = new GZipStream(new MemoryStream(Convert.FromBase64String(packed)), CompressionMode.Decompress);
        using var text = new MemoryStream();
        gzip.CopyTo(text);
        return text.ToArray();
    }
}

/// <summary>What became of a declaration.</summary>
public enum HistoryChangeKind
{
    /// <summary>It was there when the recorder first looked.</summary>
    FirstSeen,

    /// <summary>It was made.</summary>
    Created,

    /// <summary>Its desired state changed.</summary>
    Changed,

    /// <summary>It was deleted.</summary>
    Deleted,
}

/// <summary>A service as the log knows it.</summary>
/// <param name="Key">The service.</param>
/// <param name="Uid">Tells it from another of its name.</param>
/// <param name="Generation">Generation of its desired state.</param>
/// <param name="Entry">Index of the entry that holds the state; null where it must be searched.</param>
public sealed record RecordedService(ObjectKey Key, string Uid, long Generation, long? Entry);
