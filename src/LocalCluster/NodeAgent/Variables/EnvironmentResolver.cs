using System.Text;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Resources;
using k8s.Models;
using LocalCluster.Workloads;

namespace LocalCluster.NodeAgent.Variables;

/// <summary>
/// Makes the environment of a container as a kubelet does: links to Services first, then <c>envFrom</c>, then <c>env</c> in order; the last
/// one counts.
/// </summary>
/// <param name="api">Where ConfigMaps and Secrets are.</param>
/// <param name="services">Services of a namespace.</param>
internal sealed class EnvironmentResolver(KubeApi api, Func<string, IEnumerable<Service>> services)
{
    private static readonly ResourceType Secrets = new("", "v1", "secrets", "Secret");

    /// <summary>Resolves the variables of a container.</summary>
    /// <param name="pod">Its pod.</param>
    /// <param name="container">The container.</param>
    /// <param name="fields">What variables may be taken from.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="ContainerConfigException">Something that is not optional is missing.</exception>
    public async Task<IReadOnlyDictionary<string, string>> ResolveAsync(
        Pod pod, V1Container container, PodFields fields, CancellationToken cancellationToken)
    {
        var ns = pod.Metadata.Namespace;
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in pod.Spec.EnableServiceLinks ? ServiceLinks.Of(services(ns)) : [])
        {
            variables[name] = value; // order-service's ORDER_SERVICE_PORT and order's are one
        }

        foreach (var source in container.EnvFrom ?? [])
        {
            foreach (var (name, value) in await AllOfAsync(ns, source, cancellationToken))
            {
                variables[$"{source.Prefix}{name}"] = value;
            }
        }

        foreach (var variable in container.Env ?? [])
        {
            var value = variable.ValueFrom is { } source
                ? await OneOfAsync(ns, source, container, fields, cancellationToken)
                : VariableExpansion.Expand(variable.Value ?? "", variables);
            if (value is not null)
            {
                variables[variable.Name] = value;
            }
        }

        return variables;
    }

    private async Task<IReadOnlyDictionary<string, string>> AllOfAsync(string ns, V1EnvFromSource source, CancellationToken cancellationToken) => source switch
    {
        { ConfigMapRef: { } map } => await ReadAsync(KnownResources.ConfigMaps, ns, map.Name, map.Optional, cancellationToken) ?? Nothing,
        { SecretRef: { } secret } => await ReadAsync(Secrets, ns, secret.Name, secret.Optional, cancellationToken) ?? Nothing,
        _ => Nothing,
    };

    /// <returns>Null when the source is optional and missing: then there is no such variable.</returns>
    private async Task<string?> OneOfAsync(
        string ns, V1EnvVarSource source, V1Container container, PodFields fields, CancellationToken cancellationToken) => source switch
        {
            { FieldRef: { } field } => fields.Field(field.FieldPath),
            { ResourceFieldRef: { } resource } => fields.Resource(resource, container),
            { ConfigMapKeyRef: { } key } => await KeyAsync(KnownResources.ConfigMaps, ns, key.Name, key.Key, key.Optional, cancellationToken),
            { SecretKeyRef: { } key } => await KeyAsync(Secrets, ns, key.Name, key.Key, key.Optional, cancellationToken),
            _ => throw new ContainerConfigException("a variable takes its value from a source that this node agent does not know"),
        };

    private async Task<string?> KeyAsync(ResourceType type, string ns, string name, string key, bool? optional, CancellationToken cancellationToken)
    {
        if (await ReadAsync(type, ns, name, optional, cancellationToken) is not { } data)
        {
            return null;
        }

        return data.TryGetValue(key, out var value) ? value
            : optional == true ? null
            : throw new ContainerConfigException($"couldn't find key {key} in {type.Kind} {ns}/{name}");
    }

    private async Task<IReadOnlyDictionary<string, string>?> ReadAsync(
        ResourceType type, string ns, string name, bool? optional, CancellationToken cancellationToken)
    {
        var stored = await api.FindAsync<StringData>(type, new ObjectKey(ns, name), cancellationToken);
        if (stored is null)
        {
            return optional == true ? null : throw new ContainerConfigException($"{type.Kind.ToLowerInvariant()} \"{name}\" not found");
        }

        return type == Secrets
            ? stored.Data.ToDictionary(entry => entry.Key, entry => Encoding.UTF8.GetString(Convert.FromBase64String(entry.Value)), StringComparer.Ordinal)
            : stored.Data;
    }

    private static IReadOnlyDictionary<string, string> Nothing => System.Collections.ObjectModel.ReadOnlyDictionary<string, string>.Empty;

    private sealed record StringData
    {
        public IReadOnlyDictionary<string, string> Data { get; init; } = Nothing;
    }
}
