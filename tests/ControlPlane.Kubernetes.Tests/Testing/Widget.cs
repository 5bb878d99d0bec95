using System.Globalization;
using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Resources;

namespace ControlPlane.Kubernetes.Tests.Testing;

/// <summary>The kind of the tests.</summary>
internal sealed record Widget : IKubeObject
{
    public static ResourceType Type { get; } = new("test.dev", "v1", "widgets", "Widget");

    public static IObjectDecoder<Widget> Decoder { get; } = new JsonObjectDecoder<Widget>();

    public ObjectMeta Metadata { get; init; } = new();

    public WidgetSpec Spec { get; init; } = new();

    public static ObjectKey Key(string name) => new("ns", name);

    public static Widget Of(string name, int version, int size = 0, string? uid = null) => new()
    {
        Metadata = new() { Namespace = "ns", Name = name, Uid = uid ?? name, ResourceVersion = version.ToString(CultureInfo.InvariantCulture) },
        Spec = new() { Size = size },
    };
}

internal sealed record WidgetSpec
{
    public int Size { get; init; }
}

/// <summary>What an API server sends of widgets.</summary>
internal static class WidgetJson
{
    public static string Object(string name, int version, int size = 0, string? uid = null) =>
        $$$"""{"kind":"Widget","metadata":{"namespace":"ns","name":"{{{name}}}","uid":"{{{uid ?? name}}}","resourceVersion":"{{{version}}}"},"spec":{"size":{{{size}}}}}""";

    /// <summary>An object that does not fit the type.</summary>
    public static string Misfit(string name, int version) => Object(name, version).Replace("\"size\":0", "\"size\":\"large\"", StringComparison.Ordinal);

    public static string List(int version, params string[] items) => Page(version, "", items);

    public static string Page(int version, string next, params string[] items) =>
        $$$"""{"kind":"WidgetList","metadata":{"resourceVersion":"{{{version}}}","continue":"{{{next}}}"},"items":[{{{string.Join(',', items)}}}]}""";

    public static string Added(string item) => Event("ADDED", item);

    public static string Modified(string item) => Event("MODIFIED", item);

    public static string Deleted(string item) => Event("DELETED", item);

    public static string Bookmark(int version) => Event("BOOKMARK", $$$"""{"kind":"Widget","metadata":{"resourceVersion":"{{{version}}}"}}""");

    public static string Error(int code, string reason) => Event("ERROR", Status(code, reason));

    public static string Status(int code, string reason, string message = "as scripted") =>
        $$"""{"kind":"Status","status":"Failure","code":{{code}},"reason":"{{reason}}","message":"{{message}}"}""";

    private static string Event(string type, string item) => $$"""{"type":"{{type}}","object":{{item}}}""" + "\n";
}
