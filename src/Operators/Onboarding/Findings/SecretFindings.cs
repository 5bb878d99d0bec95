using Operators.Onboarding.Existing;
using Operators.Registry.Baseline;

namespace Operators.Onboarding.Findings;

/// <summary>Secrets where everybody can read them. Told by the names of keys; values are never looked at.</summary>
internal static class SecretFindings
{
    public static IEnumerable<Finding> Check(ExistingObjects existing)
    {
        var written = existing.Origin == ObjectOrigin.Manifests ? existing.Secrets : [];
        foreach (var group in written.SelectMany(secret => secret.Keys.Select(key => (secret.Key, key.Field, key.Name))).GroupBy(item => (item.Key, item.Field)))
        {
            yield return new(
                new("Secret", group.Key.Key),
                group.Key.Field,
                $"holds {string.Join(", ", group.Select(item => item.Name))} in a manifest: whoever reads the file has them{(group.Key.Field == "data" ? ", base64 hides nothing" : "")}; create the Secret from a vault",
                ShortfallSeverity.Error);
        }

        foreach (var map in existing.ConfigMaps)
        {
            foreach (var (key, _) in (map.Data ?? new Dictionary<string, string>()).Where(entry => SecretNames.Match(entry.Key) && entry.Value.Length > 0))
            {
                yield return new(
                    new("ConfigMap", new(map.Metadata.NamespaceProperty, map.Metadata.Name)),
                    $"data[{key}]",
                    "looks like a secret in clear: keep it in a Secret",
                    ShortfallSeverity.Error);
            }
        }
    }
}
