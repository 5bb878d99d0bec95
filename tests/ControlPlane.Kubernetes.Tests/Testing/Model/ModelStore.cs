using System.Text.Json.Nodes;

namespace ControlPlane.Kubernetes.Tests.Testing.Model;

/// <summary>The objects of a <see cref="ModelApiServer"/>, their versions and what happened to them.</summary>
/// <param name="changed">Called after each change.</param>
internal sealed class ModelStore(Action changed)
{
    private readonly SortedDictionary<string, (ModelPath Path, JsonObject Object)> _objects = new(StringComparer.Ordinal);
    private readonly List<ModelEvent> _history = [];
    private long _forgotten;
    private int _uids;

    public long Version { get; private set; } = 100;

    /// <summary>What the server makes of an object before it stores it: defaults, canonical forms.</summary>
    public Action<JsonObject> Normalise { get; set; } = static _ => { };

    public IEnumerable<JsonObject> List(ModelPath path) => _objects.Values.Where(item => path.Covers(item.Path)).Select(item => item.Object);

    public JsonObject Get(ModelPath path) => Find(path) ?? throw ModelRefusal.NotFound(path);

    public JsonObject? Find(ModelPath path) => _objects.GetValueOrDefault(Id(path)).Object;

    public JsonObject Create(ModelPath collection, JsonObject sent, string manager)
    {
        var path = collection with { Name = (string)sent["metadata"]!["name"]! };
        if (Find(path) is not null)
        {
            throw new ModelRefusal(409, "AlreadyExists", $"{path.Name} already exists");
        }

        var item = sent.DeepClone().AsObject();
        var metadata = item["metadata"]!.AsObject();
        metadata["uid"] = $"uid-{++_uids}";
        metadata["generation"] = 1;
        Normalise(item);
        FieldManagers.Updated(new JsonObject(), item, manager);
        return Put(path, item, "ADDED");
    }

    /// <summary>Changes the object, or its status, as a function of it says; without a manager, field ownership is left alone.</summary>
    public JsonObject Update(ModelPath path, Func<JsonObject, JsonObject> change, string manager)
    {
        var present = Get(path);
        var next = change(present.DeepClone().AsObject()).DeepClone().AsObject();
        RequireSame(present, next, "uid", ModelRefusal.Invalid("metadata.uid: field is immutable"));
        RequireSame(present, next, "resourceVersion", ModelRefusal.Conflict("the object has been modified"));
        foreach (var kept in (string[])["uid", "generation", "deletionTimestamp", "managedFields"])
        {
            next["metadata"]![kept] ??= present["metadata"]![kept]?.DeepClone();
        }

        Normalise(next);
        FieldManagers.Updated(present, next, manager);
        return Settle(path, present, next);
    }

    public JsonObject Apply(ModelPath path, JsonObject sent, string manager, bool force)
    {
        if (path.Subresource == "status")
        {
            return ApplyStatus(path with { Subresource = null }, sent);
        }

        if (Find(path) is not { } present)
        {
            return sent["metadata"]?["uid"] is null
                ? Create(path with { Name = null }, FieldManagers.Stripped(sent), manager) // as far as the tests need it
                : throw ModelRefusal.Conflict("uid mismatch: no existing object was found");
        }

        RequireSame(present, sent, "uid", ModelRefusal.Invalid("metadata.uid: field is immutable"));
        RequireSame(present, sent, "resourceVersion", ModelRefusal.Conflict("the object has been modified"));
        var next = FieldManagers.Applied(present, sent, manager, force);
        Normalise(next);
        return Settle(path, present, next);
    }

    public JsonObject Delete(ModelPath path, string? uid)
    {
        var present = Get(path);
        if (uid is not null && uid != (string?)present["metadata"]!["uid"])
        {
            throw ModelRefusal.Conflict("the UID in the precondition does not match");
        }

        if (present["metadata"]!["finalizers"] is JsonArray { Count: > 0 })
        {
            var marked = present.DeepClone().AsObject();
            marked["metadata"]!["deletionTimestamp"] = "2026-01-01T00:00:00Z";
            return Settle(path, present, marked);
        }

        _objects.Remove(Id(path));
        return Put(path, present.DeepClone().AsObject(), "DELETED");
    }

    public void Compact()
    {
        _history.Clear();
        _forgotten = Version;
    }

    /// <summary>What happened after a version.</summary>
    public IReadOnlyList<ModelEvent> Since(long version) => version < _forgotten
        ? throw new ModelRefusal(410, "Expired", $"too old resource version: {version} ({_forgotten})")
        : [.. _history.Where(change => change.Version > version)];

    private JsonObject ApplyStatus(ModelPath path, JsonObject sent)
    {
        var present = Get(path);
        RequireSame(present, sent, "uid", ModelRefusal.Invalid("metadata.uid: field is immutable"));
        var next = present.DeepClone().AsObject();
        next["status"] = sent["status"]?.DeepClone();
        return Settle(path, present, next);
    }

    /// <summary>Stores what has changed; what has not is no event and gets no version.</summary>
    private JsonObject Settle(ModelPath path, JsonObject present, JsonObject next)
    {
        next["metadata"]!["resourceVersion"] = (string?)present["metadata"]!["resourceVersion"];
        if (JsonNode.DeepEquals(present, next))
        {
            return present;
        }

        if (!JsonNode.DeepEquals(present["spec"], next["spec"]))
        {
            next["metadata"]!["generation"] = (int?)present["metadata"]!["generation"] + 1;
        }

        if (next["metadata"]!["deletionTimestamp"] is not null && next["metadata"]!["finalizers"] is not JsonArray { Count: > 0 })
        {
            _objects.Remove(Id(path));
            return Put(path, next, "DELETED");
        }

        return Put(path, next, "MODIFIED");
    }

    private JsonObject Put(ModelPath path, JsonObject item, string type)
    {
        item["metadata"]!["resourceVersion"] = $"{++Version}";
        if (type != "DELETED")
        {
            _objects[Id(path)] = (path with { Subresource = null }, item);
        }

        _history.Add(new(Version, type, path, item));
        changed();
        return item;
    }

    private static void RequireSame(JsonObject present, JsonObject sent, string field, ModelRefusal otherwise)
    {
        if ((string?)sent["metadata"]![field] is { } said && said != (string?)present["metadata"]![field])
        {
            throw otherwise;
        }
    }

    private static string Id(ModelPath path) => $"{path.Kind}/{path.Namespace}/{path.Name}";
}

/// <summary>A change of the store.</summary>
internal sealed record ModelEvent(long Version, string Type, ModelPath Path, JsonObject Object);
