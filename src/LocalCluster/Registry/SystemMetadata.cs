using LocalCluster.Resources;

namespace LocalCluster.Registry;

/// <summary>The parts of <c>metadata</c> that only the API server writes.</summary>
internal static class SystemMetadata
{
    /// <summary>Removes what a client sent of them with a new object.</summary>
    public static void Wipe(KubeObject obj)
    {
        foreach (var name in (ReadOnlySpan<string>)
            ["uid", "resourceVersion", "generation", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "selfLink"])
        {
            obj.Metadata.Remove(name);
        }
    }

    /// <summary>Fills them in for a new object.</summary>
    public static void Fill(KubeObject obj, DateTimeOffset now)
    {
        obj.Uid = Guid.NewGuid().ToString();
        obj.CreationTimestamp = now;
        if (obj.Name.Length == 0 && obj.GenerateName.Length > 0)
        {
            obj.Name = GeneratedName.From(obj.GenerateName);
        }
    }

    /// <summary>Carries them over from the object that is replaced.</summary>
    public static void Keep(KubeObject obj, KubeObject old)
    {
        obj.Name = old.Name;
        obj.Namespace = old.Namespace;
        obj.Uid = old.Uid;
        obj.Generation = old.Generation;
        obj.Metadata.Remove("selfLink");
        foreach (var name in (ReadOnlySpan<string>)["creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generateName"])
        {
            obj.Set(name, old.Metadata[name]?.DeepClone());
        }
    }
}
