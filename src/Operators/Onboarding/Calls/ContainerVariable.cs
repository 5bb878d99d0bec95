using ControlPlane.Kubernetes.Resources;
using k8s.Models;
using Operators.Onboarding.Existing;

namespace Operators.Onboarding.Calls;

/// <summary>A variable that a workload's containers get.</summary>
/// <param name="Name">Name.</param>
/// <param name="Value">Value; null when it is secret or not known.</param>
/// <param name="Source">Where it comes from, in words, such as <c>ConfigMap app-config, key REDIS_HOST</c>.</param>
/// <param name="Field">Field of the workload that brings it in.</param>
/// <param name="IsShared">True when it comes with a ConfigMap that several workloads take in whole: it may be meant for another of them.</param>
internal sealed record ContainerVariable(string Name, string? Value, string Source, string Field, bool IsShared);

/// <summary>Resolves the variables of workloads as a kubelet does, as far as that can be known without reading secrets.</summary>
internal sealed class ContainerVariables
{
    private readonly Dictionary<ObjectKey, V1ConfigMap> _configMaps;
    private readonly Dictionary<ObjectKey, SecretKeys> _secrets;
    private readonly HashSet<ObjectKey> _shared;

    public ContainerVariables(ExistingObjects existing)
    {
        _configMaps = existing.ConfigMaps.ToDictionary(map => new ObjectKey(map.Metadata.NamespaceProperty, map.Metadata.Name));
        _secrets = existing.Secrets.ToDictionary(secret => secret.Key);
        _shared =
        [
            .. existing.Workloads.SelectMany(WholeConfigMaps).GroupBy(key => key).Where(group => group.Count() > 1).Select(group => group.Key),
        ];
    }

    /// <summary>The variables of all containers. Where a name is given twice in a container the later one counts, and <c>env</c> before <c>envFrom</c>.</summary>
    public IReadOnlyList<ContainerVariable> Of(ExistingWorkload workload) =>
        [.. workload.Containers.SelectMany(item => Of(workload.Reference.Key.Namespace, item.Path, item.Container).Values)];

    private Dictionary<string, ContainerVariable> Of(string ns, string path, V1Container container)
    {
        var variables = new Dictionary<string, ContainerVariable>(StringComparer.Ordinal);
        for (var i = 0; i < (container.EnvFrom?.Count ?? 0); i++)
        {
            foreach (var variable in Whole(ns, container.EnvFrom![i], $"{path}.envFrom[{i}]"))
            {
                variables[variable.Name] = variable;
            }
        }

        for (var i = 0; i < (container.Env?.Count ?? 0); i++)
        {
            var variable = Single(ns, container.Env![i], $"{path}.env[{i}]", container.Name);
            variables[variable.Name] = variable;
        }

        return variables;
    }

    private IEnumerable<ContainerVariable> Whole(string ns, V1EnvFromSource source, string field)
    {
        if (source.ConfigMapRef?.Name is { } mapName && _configMaps.TryGetValue(new(ns, mapName), out var map))
        {
            var isShared = _shared.Contains(new(ns, mapName));
            return (map.Data ?? new Dictionary<string, string>())
                .Select(entry => new ContainerVariable($"{source.Prefix}{entry.Key}", entry.Value, $"ConfigMap {mapName}, key {entry.Key}", field, isShared));
        }

        return source.SecretRef?.Name is { } secretName && _secrets.TryGetValue(new(ns, secretName), out var secret)
            ? secret.Keys.Select(key => new ContainerVariable($"{source.Prefix}{key.Name}", Value: null, $"Secret {secretName}, key {key.Name}", field, IsShared: false))
            : [];
    }

    private ContainerVariable Single(string ns, V1EnvVar variable, string field, string container) => variable.ValueFrom switch
    {
        { ConfigMapKeyRef: { } config } => new(
            variable.Name,
            _configMaps.TryGetValue(new(ns, config.Name), out var map) && map.Data?.TryGetValue(config.Key, out var value) == true ? value : null,
            $"ConfigMap {config.Name}, key {config.Key}",
            field,
            IsShared: false),
        { SecretKeyRef: { } secret } => new(variable.Name, Value: null, $"Secret {secret.Name}, key {secret.Key}", field, IsShared: false),
        not null => new(variable.Name, Value: null, "a field of the pod", field, IsShared: false),
        null => new(variable.Name, variable.Value, $"variable {variable.Name} of container {container}", field, IsShared: false),
    };

    private static IEnumerable<ObjectKey> WholeConfigMaps(ExistingWorkload workload) => workload.Containers
        .SelectMany(item => item.Container.EnvFrom ?? [])
        .Select(source => source.ConfigMapRef?.Name)
        .OfType<string>()
        .Distinct(StringComparer.Ordinal)
        .Select(name => new ObjectKey(workload.Reference.Key.Namespace, name));
}
