using System.Collections.Frozen;

namespace LocalCluster.Wire;

/// <summary>A field of a message.</summary>
/// <param name="Name">Its name in JSON.</param>
/// <param name="Type">A scalar type, or the name of a message; empty for text.</param>
/// <param name="Shape">How often and how it is there.</param>
internal sealed record WireField(string Name, string Type, WireShape Shape);

/// <summary>How a field carries its values.</summary>
internal enum WireShape
{
    /// <summary>One value.</summary>
    Single,

    /// <summary>A list.</summary>
    List,

    /// <summary>A map with keys of text.</summary>
    Map,

    /// <summary>A message whose fields are those of the message around it.</summary>
    Inline,
}

/// <summary>The messages of Kubernetes' protobuf encoding.</summary>
internal sealed class WireMessages
{
    private const string Meta = "io.k8s.apimachinery.pkg.apis.meta.v1";
    private const string Core = "io.k8s.api.core.v1";

    private readonly FrozenDictionary<(string Package, string Name), WireField?[]> _messages;

    private WireMessages(FrozenDictionary<(string, string), WireField?[]> messages) => _messages = messages;

    /// <summary>The messages, read when they are first needed.</summary>
    public static Lazy<WireMessages> Shared { get; } = new(Read);

    /// <summary>A message that a package names.</summary>
    /// <returns>Its own package and its fields by number minus one; null when there is none.</returns>
    public (string Package, WireField?[] Fields)? Find(string package, string name)
    {
        foreach (var candidate in (ReadOnlySpan<string>)[package, Meta, Core])
        {
            if (_messages.TryGetValue((candidate, name), out var fields))
            {
                return (candidate, fields);
            }
        }

        return null;
    }

    /// <summary>The package of an API version.</summary>
    public static string PackageOf(string apiVersion) => apiVersion.Split('/') switch
    {
        [var version] => $"io.k8s.api.core.{version}",
        ["apiextensions.k8s.io", var version] => $"io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.{version}",
        [var group, var version] => $"io.k8s.api.{group.Split('.')[0]}.{version}",
        _ => "",
    };

    private static WireMessages Read()
    {
        var messages = new Dictionary<(string, string), WireField?[]>();
        using var text = new StreamReader(typeof(WireMessages).Assembly.GetManifestResourceStream("LocalCluster.Wire.Messages.txt")!);
        var package = "";
        while (text.ReadLine() is { } line)
        {
            if (line.StartsWith('['))
            {
                package = line[1..^1];
            }
            else if (!line.StartsWith('#') && line.Split(' ') is [var name, .. var fields])
            {
                messages[(package, name)] = [.. fields.Select(Parse)];
            }
        }

        return new WireMessages(messages.ToFrozenDictionary());
    }

    private static WireField? Parse(string text)
    {
        if (text == "-")
        {
            return null;
        }

        if (text[0] == '~')
        {
            return new WireField("", text[1..], WireShape.Inline);
        }

        var parts = text.Split(':', 2);
        return parts is [var name, var type]
            ? type[0] switch
            {
                '[' => new WireField(name, type[1..^1], WireShape.List),
                '{' => new WireField(name, type[1..^1], WireShape.Map),
                _ => new WireField(name, type, WireShape.Single),
            }
            : new WireField(text, "", WireShape.Single);
    }
}
