using System.Text;
using System.Text.Json;

namespace ControlPlane.Kubernetes.Applying;

/// <summary>
/// Where a field is, in the terms of server-side apply: steps are <c>f:name</c> for a field, <c>k:{…}</c> for a list item by its keys and
/// <c>i:n</c> for one by its position. Reads as people write paths: <c>.spec.template.spec.containers[name="app"].image</c>.
/// </summary>
public sealed class FieldPath
{
    private readonly FieldPath? _parent;

    private FieldPath(FieldPath? parent, string step)
    {
        _parent = parent;
        Step = step;
    }

    /// <summary>The object itself.</summary>
    public static FieldPath Root { get; } = new(parent: null, step: "");

    /// <summary>The last step.</summary>
    public string Step { get; }

    /// <summary>Name of the last field on the way, list items passed over; empty at the root.</summary>
    public string FieldName => FieldStep?.Step[2..] ?? "";

    /// <summary>Name of the field that holds the last field, list items passed over; empty at the top.</summary>
    public string ParentFieldName => FieldStep?._parent?.FieldName ?? "";

    private FieldPath? FieldStep => Step.StartsWith("f:", StringComparison.Ordinal) ? this : _parent?.FieldStep;

    /// <summary>One step further, as server-side apply writes it.</summary>
    internal FieldPath Then(string step) => new(this, step);

    /// <summary>A field of this.</summary>
    public FieldPath Field(string name) => Then($"f:{name}");

    /// <summary>An item of this list, by its position.</summary>
    public FieldPath Item(int index) => Then($"i:{index}");

    /// <summary>An item of this list, by the keys that name it.</summary>
    public FieldPath Item(IEnumerable<(string Name, JsonElement Value)> keys)
    {
        var text = keys.OrderBy(k => k.Name, StringComparer.Ordinal).Select(k => $"\"{k.Name}\":{k.Value.GetRawText()}");
        return Then($"k:{{{string.Join(',', text)}}}");
    }

    /// <summary>The steps from the root.</summary>
    public IEnumerable<string> Steps => _parent is null ? [] : _parent.Steps.Append(Step);

    /// <inheritdoc/>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var step in Steps)
        {
            text.Append(step[0] switch
            {
                'f' => $".{step[2..]}",
                'i' => $"[{step[2..]}]",
                _ => $"[{Keys(step[2..])}]",
            });
        }

        return text.ToString();
    }

    private static string Keys(string json)
    {
        using var document = JsonDocument.Parse(json);
        return string.Join(',', document.RootElement.EnumerateObject().Select(key => $"{key.Name}={key.Value.GetRawText()}"));
    }
}
