using ControlPlane.Kubernetes.Resources.Traffic;

namespace Operators.Traffic.Providers.Rendering;

/// <summary>What a data plane can't express, as it is found. What is neither here nor in an object was dropped in silence, which is a defect.</summary>
internal sealed class UnsupportedSettings
{
    private readonly List<UnsupportedSetting> _all = [];

    /// <summary>Everything so far, in the order of the fields.</summary>
    public IReadOnlyList<UnsupportedSetting> All => [.. _all.Distinct().OrderBy(static setting => setting.Field, StringComparer.Ordinal)];

    /// <summary>Says that a setting can't be expressed.</summary>
    /// <param name="field">Its path, as in the policy, such as <c>spec.limits[login].burst</c>.</param>
    /// <param name="message">What the data plane lacks.</param>
    public void Add(string field, string message) => _all.Add(new UnsupportedSetting { Field = field, Message = message });

    /// <summary>Says so when the setting is there.</summary>
    public void AddIf(bool isSet, string field, string message)
    {
        if (isSet)
        {
            Add(field, message);
        }
    }
}
