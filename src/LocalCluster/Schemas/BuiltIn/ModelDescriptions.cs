using System.Reflection;
using System.Text;
using System.Xml;
using k8s.Models;

namespace LocalCluster.Schemas.BuiltIn;

/// <summary>
/// What <c>kubectl explain</c> shows for the built-in kinds: the XML documentation of the models, which the build copies beside their
/// assembly. It is large, so it is read once, on the first question, and only what is asked for is kept.
/// </summary>
internal static class ModelDescriptions
{
    private static readonly Lazy<Dictionary<string, string>> Texts = new(ReadBesideAssembly);

    /// <summary>The description of a type; null when there is none.</summary>
    public static string? Of(Type type) => Texts.Value.GetValueOrDefault($"T:{type.FullName}");

    /// <summary>The description of a field; null when there is none.</summary>
    public static string? Of(PropertyInfo property) =>
        Texts.Value.GetValueOrDefault($"P:{property.DeclaringType!.FullName}.{property.Name}");

    /// <summary>Reads the summaries of types and properties out of an XML documentation file.</summary>
    public static Dictionary<string, string> Read(XmlReader xml)
    {
        var texts = new Dictionary<string, string>();
        string? member = null;
        while (xml.Read())
        {
            if (xml.NodeType != XmlNodeType.Element)
            {
                continue;
            }

            if (xml.Name == "member")
            {
                member = xml.GetAttribute("name");
            }
            else if (xml.Name == "summary" && member is not null && member[0] is 'T' or 'P' && xml.Read() && xml.NodeType == XmlNodeType.Text)
            {
                texts[member] = Unwrap(xml.Value);
                member = null;
            }
        }

        return texts;
    }

    private static Dictionary<string, string> ReadBesideAssembly()
    {
        var file = Path.ChangeExtension(typeof(V1Pod).Assembly.Location, ".xml");
        if (!File.Exists(file))
        {
            return [];
        }

        using var xml = XmlReader.Create(file);
        return Read(xml);
    }

    /// <summary>Takes away the line breaks and the indent that the documentation was given; empty lines part paragraphs.</summary>
    private static string Unwrap(string text)
    {
        var result = new StringBuilder(text.Length);
        var separator = "";
        foreach (var line in text.AsSpan().Trim().EnumerateLines())
        {
            var trimmed = line.Trim();
            if (trimmed.Length == 0)
            {
                separator = "\n\n";
                continue;
            }

            result.Append(separator).Append(trimmed);
            separator = " ";
        }

        return result.ToString();
    }
}
