using LocalCluster.Resources;

namespace LocalCluster.Api;

/// <summary>What a path shows of an object, and how a write to it changes the object.</summary>
internal interface IObjectView
{
    /// <summary>What the view looks like to clients.</summary>
    ApiResource Shape { get; }

    /// <summary>The view of an object, which may be changed by it.</summary>
    KubeObject Show(KubeObject obj);

    /// <summary>The object after its view was changed.</summary>
    /// <param name="view">The changed view.</param>
    /// <param name="obj">The object before it; null for a new one.</param>
    KubeObject Write(KubeObject view, KubeObject? obj);

    /// <summary>Turns a configuration of the view into one of the object, for an apply.</summary>
    KubeObject Configure(KubeObject view);

    /// <summary>What the path of an object, or of a part of it, shows.</summary>
    /// <param name="resource">The object's resource.</param>
    /// <param name="subresource">The part; empty for the object itself.</param>
    static IObjectView Of(ApiResource resource, string subresource) =>
        subresource == "scale" && resource.Scale is { } scale ? new ScaleView(resource, scale) : new WholeView(resource);
}

/// <summary>The object itself.</summary>
/// <param name="resource">Its resource.</param>
internal sealed class WholeView(ApiResource resource) : IObjectView
{
    /// <inheritdoc/>
    public ApiResource Shape => resource;

    /// <inheritdoc/>
    public KubeObject Show(KubeObject obj) => obj;

    /// <inheritdoc/>
    public KubeObject Write(KubeObject view, KubeObject? obj) => view;

    /// <inheritdoc/>
    public KubeObject Configure(KubeObject view) => view;
}
