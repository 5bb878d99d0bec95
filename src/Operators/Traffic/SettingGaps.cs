using ControlPlane.Kubernetes.Resources.Traffic;
using ControlPlane.Kubernetes.Resources.Traffic.Effective;

namespace Operators.Traffic;

/// <summary>Brings what a provider lacks and the settings that ask for it together.</summary>
public static class SettingGaps
{
    /// <summary>True when it is told of the setting, of a field in it, or of what holds it.</summary>
    public static bool Concerns(this UnsupportedSetting gap, EffectiveSetting setting)
    {
        ArgumentNullException.ThrowIfNull(gap);
        ArgumentNullException.ThrowIfNull(setting);
        return Holds(gap.Field, setting.Field) || Holds(setting.Field, gap.Field);
    }

    private static bool Holds(string outer, string inner) =>
        inner.StartsWith(outer, StringComparison.Ordinal) && (inner.Length == outer.Length || inner[outer.Length] is '.' or '[');
}
