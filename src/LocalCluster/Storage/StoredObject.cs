using ControlPlane.Kubernetes.Resources;

namespace LocalCluster.Storage;

/// <summary>
/// One version of one object, as it was committed. Immutable, so that lists, watches and history share it; kept as the JSON that clients
/// are sent, because most objects are read far more often than they are changed.
/// </summary>
internal sealed class StoredObject
{
    private readonly ObjectHeader _header;

    private StoredObject(ObjectHeader header, byte[] json)
    {
        _header = header;
        Json = json;
    }

    /// <summary>Namespace and name.</summary>
    public ObjectKey Key => _header.Key;

    /// <summary>Unique over all time.</summary>
    public string Uid => _header.Uid;

    /// <summary>Revision of the store at which this version was committed.</summary>
    public long ResourceVersion => _header.ResourceVersion;

    /// <summary>Uids of the objects that this one belongs to.</summary>
    public IReadOnlyList<string> OwnerUids => _header.OwnerUids;

    /// <summary>The whole object in UTF-8.</summary>
    public byte[] Json { get; }

    /// <summary>Reads an object that carries its resource version already.</summary>
    /// <exception cref="System.Text.Json.JsonException">It is not a Kubernetes object.</exception>
    public static StoredObject Read(byte[] json) => new(ObjectHeader.Read(json), json);

    /// <summary>The same object with another resource version: what a create, an update or a deletion commits.</summary>
    public StoredObject WithResourceVersion(long resourceVersion)
    {
        var digits = System.Text.Encoding.ASCII.GetBytes(resourceVersion.ToString(System.Globalization.CultureInfo.InvariantCulture));
        var slot = _header.ResourceVersionSlot;
        var before = Json.AsSpan(..slot.Start);
        var after = Json.AsSpan(slot.End..);
        var json = new byte[before.Length + digits.Length + after.Length];
        before.CopyTo(json);
        digits.CopyTo(json, before.Length);
        after.CopyTo(json.AsSpan(before.Length + digits.Length));
        var header = _header with
        {
            ResourceVersion = resourceVersion,
            ResourceVersionSlot = slot.Start..(slot.Start.Value + digits.Length),
        };
        return new StoredObject(header, json);
    }
}
