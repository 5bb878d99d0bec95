using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace ControlPlane.Kubernetes.Manifests;

/// <summary>Writes objects as YAML that people read: the identifying fields first, no flow style, quotes only where YAML needs them.</summary>
public static class ManifestWriter
{
    private static readonly string[] First = ["apiVersion", "kind", "metadata", "spec", "data", "rules", "status"];

    /// <summary>The object as one YAML document.</summary>
    public static string ToYaml(JsonNode json)
    {
        var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        var emitter = new Emitter(text, new EmitterSettings(bestIndent: 2, bestWidth: int.MaxValue, isCanonical: false, maxSimpleKeyLength: 1024));
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart(version: null, tags: null, isImplicit: true));
        Write(emitter, json, isTop: true);
        emitter.Emit(new DocumentEnd(isImplicit: true));
        emitter.Emit(new StreamEnd());
        return text.ToString();
    }

    private static void Write(Emitter emitter, JsonNode? node, bool isTop = false)
    {
        switch (node)
        {
            case JsonObject { Count: > 0 } json:
                emitter.Emit(new MappingStart(AnchorName.Empty, TagName.Empty, isImplicit: true, MappingStyle.Block));
                foreach (var (name, value) in isTop ? json.OrderBy(field => Rank(field.Key)) : json.AsEnumerable())
                {
                    emitter.Emit(Text(name, mayBeBlock: false));
                    Write(emitter, value);
                }

                emitter.Emit(new MappingEnd());
                break;
            case JsonObject:
                emitter.Emit(new MappingStart(AnchorName.Empty, TagName.Empty, isImplicit: true, MappingStyle.Flow));
                emitter.Emit(new MappingEnd());
                break;
            case JsonArray array:
                emitter.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, isImplicit: true, array.Count > 0 ? SequenceStyle.Block : SequenceStyle.Flow));
                foreach (var item in array)
                {
                    Write(emitter, item);
                }

                emitter.Emit(new SequenceEnd());
                break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                emitter.Emit(Text(value.GetValue<string>(), mayBeBlock: true));
                break;
            default:
                emitter.Emit(new Scalar(node?.ToJsonString() ?? "null"));
                break;
        }
    }

    private static Scalar Text(string text, bool mayBeBlock)
    {
        var style = text.Any(NeedsEscape) ? ScalarStyle.DoubleQuoted
            : text.Contains('\n', StringComparison.Ordinal) ? mayBeBlock && IsBlock(text) ? ScalarStyle.Literal : ScalarStyle.DoubleQuoted
            : IsPlain(text) ? ScalarStyle.Any
            : ScalarStyle.DoubleQuoted;
        return new Scalar(AnchorName.Empty, TagName.Empty, text, style, isPlainImplicit: true, isQuotedImplicit: true);
    }

    /// <summary>True when the text, without quotes, would be read as the same text; readers differ about a question mark and a blank in a key.</summary>
    private static bool IsPlain(string text) =>
        text != "<<" && !text.Contains("? ", StringComparison.Ordinal) && !text.EndsWith(' ') && !PlainScalar.IsBeyondJson(text) && PlainScalar.Resolve(text) is JsonValue value && value.TryGetValue<string>(out var read) && read == text;

    /// <summary>True when the lines, as they stand, say all: blanks at the edges of a block are easily lost.</summary>
    private static bool IsBlock(string text) =>
        !char.IsWhiteSpace(text[0])
        && !text.Contains(" \n", StringComparison.Ordinal)
        && !text.EndsWith(' ')
        && !text.EndsWith("\n\n", StringComparison.Ordinal);

    /// <summary>Characters that readers take for line breaks or indentation, or refuse, where they stand as they are.</summary>
    private static bool NeedsEscape(char c) => (char.IsControl(c) && c != '\n') || c is '\u2028' or '\u2029' or '\uFEFF';

    private static int Rank(string field) => Array.IndexOf(First, field) is >= 0 and var rank ? rank : First.Length;
}
