using System.Text;

namespace LocalCluster.Schemas;

/// <summary>
/// Where a walk over an object is. Steps are pushed and popped on the way; text is only made when there is an error to report.
/// </summary>
/// <param name="root">Path of the value where the walk begins, when that is part of something larger.</param>
internal sealed class FieldPath(string root = "")
{
    private readonly List<Step> _steps = [];

    private enum StepKind : byte
    {
        Property,
        Key,
        Index,
    }

    /// <summary>How many steps the walk is away from where it began.</summary>
    public int Depth => _steps.Count;

    /// <summary>Goes into a named property.</summary>
    public void Enter(string property) => _steps.Add(new Step(StepKind.Property, property, 0));

    /// <summary>Goes into an entry of a map.</summary>
    public void EnterKey(string key) => _steps.Add(new Step(StepKind.Key, key, 0));

    /// <summary>Goes into an item of a list.</summary>
    public void EnterIndex(int index) => _steps.Add(new Step(StepKind.Index, "", index));

    /// <summary>Goes back one step.</summary>
    public void Leave() => _steps.RemoveAt(_steps.Count - 1);

    /// <summary>The whole path in Kubernetes' own form: <c>spec.ports[0].labels[app]</c>.</summary>
    public override string ToString() => Render(new StringBuilder(root), keysInBrackets: true);

    /// <summary>The whole path with entries of maps looking like properties, <c>spec.labels.app</c>, as schema validation has it.</summary>
    public string ToDottedString() => Render(new StringBuilder(root), keysInBrackets: false);

    /// <summary><see cref="ToDottedString"/> without the path of the root.</summary>
    public string Relative() => Render(new StringBuilder(), keysInBrackets: false);

    private string Render(StringBuilder text, bool keysInBrackets)
    {
        foreach (var step in _steps)
        {
            if (step.Kind == StepKind.Index)
            {
                text.Append('[').Append(step.Index).Append(']');
            }
            else if (step.Kind == StepKind.Key && keysInBrackets)
            {
                text.Append('[').Append(step.Name).Append(']');
            }
            else
            {
                text.Append(text.Length == 0 ? "" : ".").Append(step.Name);
            }
        }

        return text.ToString();
    }

    private readonly record struct Step(StepKind Kind, string Name, int Index);
}
