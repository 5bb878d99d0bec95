using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Resources;
using k8s;
using k8s.Models;

namespace ControlPlane.Kubernetes.Applying;

/// <summary>
/// An object as it should be: exactly the fields that we declare and therefore own, rendered once. Two renderings of the same declaration are
/// the same bytes.
/// </summary>
public sealed record DesiredObject
{
    private DesiredObject(ResourceType type, ObjectKey key, byte[] json)
    {
        Type = type;
        Key = key;
        Json = json;
        Fingerprint = Convert.ToHexStringLower(SHA256.HashData(json).AsSpan(0, 8));
    }

    /// <summary>Its kind.</summary>
    public ResourceType Type { get; }

    /// <summary>Its namespace and name.</summary>
    public ObjectKey Key { get; }

    /// <summary>The declared fields as UTF-8 JSON, without the annotation that carries <see cref="Fingerprint"/>.</summary>
    public ReadOnlyMemory<byte> Json { get; }

    /// <summary>Changes when a declared field changes, comes or goes.</summary>
    public string Fingerprint { get; }

    /// <summary>Changes when a declared field comes or goes.</summary>
    internal string Shape => Applying.Shape.Of(Json);

    /// <summary>
    /// Fields that are set when the object is created and left alone afterwards, because somebody else (an autoscaler) owns them from then on.
    /// Null for none.
    /// </summary>
    public InitialField? Initially { get; init; }

    /// <summary>Renders a model of KubernetesClient. Set only what should be owned; unset properties are not rendered.</summary>
    public static DesiredObject From<T>(ResourceType type, T model)
        where T : IKubernetesObject<V1ObjectMeta>
    {
        ArgumentNullException.ThrowIfNull(type);
        model.ApiVersion = type.ApiVersion;
        model.Kind = type.Kind;
        return new(type, new ObjectKey(model.Metadata.NamespaceProperty ?? "", model.Metadata.Name), JsonSerializer.SerializeToUtf8Bytes(model, KubeJson.Options));
    }

    /// <summary>Renders an object of a kind that KubernetesClient has no model for.</summary>
    public static DesiredObject From(ResourceType type, ObjectKey key, JsonObject json) =>
        new(type, key, JsonSerializer.SerializeToUtf8Bytes(json, KubeJson.Options));

    /// <summary>The same, for the object that is there: one that was taken over is kept as declared, but not made ours to delete.</summary>
    public DesiredObject On(LiveObject live)
    {
        ArgumentNullException.ThrowIfNull(live);
        return live.IsTakenOver ? AsTakenOver() : this;
    }

    /// <summary>The same, for an object that somebody else made: without our owner reference, so that the cluster leaves it when its service is deleted.</summary>
    public DesiredObject AsTakenOver()
    {
        var json = JsonNode.Parse(Json.Span)!;
        var metadata = json["metadata"]!.AsObject();
        metadata.Remove("ownerReferences");
        AnnotationsOf(metadata)[FleetApi.TakenOverAnnotation] = "true";
        return new(Type, Key, JsonSerializer.SerializeToUtf8Bytes(json, KubeJson.Options)) { Initially = Initially };
    }

    /// <summary>What to send to apply it.</summary>
    /// <param name="uid">
    /// The object that it is meant for. An apply is also a create: without the uid, one that meets no object (or another one of the same name,
    /// because the cache is behind) would make or overwrite what nobody looked at.
    /// </param>
    public byte[] ToApply(string? uid = null)
    {
        var json = WithFingerprint();
        if (uid is not null)
        {
            json["metadata"]!["uid"] = uid;
        }

        return JsonSerializer.SerializeToUtf8Bytes(json, KubeJson.Options);
    }

    /// <summary>What to send to create it.</summary>
    public byte[] ToCreate()
    {
        var json = WithFingerprint();
        if (Initially is { } initially)
        {
            json[initially.Parent]![initially.Field] = initially.Value.DeepClone();
        }

        return JsonSerializer.SerializeToUtf8Bytes(json, KubeJson.Options);
    }

    private JsonNode WithFingerprint()
    {
        var json = JsonNode.Parse(Json.Span)!;
        AnnotationsOf(json["metadata"]!.AsObject())[FleetApi.AppliedAnnotation] = new AppliedMark(Fingerprint, Shape).ToString();
        return json;
    }

    private static JsonObject AnnotationsOf(JsonObject metadata)
    {
        if (metadata["annotations"] is not JsonObject annotations)
        {
            metadata["annotations"] = annotations = [];
        }

        return annotations;
    }
}

/// <summary>A field that is only set at creation.</summary>
/// <param name="Parent">Top-level field that holds it, such as <c>spec</c>.</param>
/// <param name="Field">Its name.</param>
/// <param name="Value">Its first value.</param>
public sealed record InitialField(string Parent, string Field, JsonNode Value)
{
    internal FieldPath Path => FieldPath.Root.Field(Parent).Field(Field);
}
