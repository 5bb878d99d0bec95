using k8s;
using k8s.Exceptions;
using k8s.KubeConfigModels;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace ControlPlane.Kubernetes.Client;

/// <summary>
/// Reads a kubeconfig into KubernetesClient's own model. Its own reader can read every kind of Kubernetes and therefore first looks at every property
/// of 1,500 types, for a file of twenty lines.
/// </summary>
internal static class KubeconfigFile
{
    /// <summary>What one context of the file says. Paths in the file are relative to its directory.</summary>
    /// <exception cref="KubeConfigException">The file does not say how to reach a cluster.</exception>
    /// <exception cref="YamlException">It is no YAML, or not that of a kubeconfig.</exception>
    public static KubernetesClientConfiguration Read(string path, string? context) => KubernetesClientConfiguration.BuildConfigFromConfigObject(Parse(path), context);

    /// <summary>The file as it stands; nothing that it names is opened or run.</summary>
    internal static K8SConfiguration Parse(string path)
    {
        var yaml = new DeserializerBuilder().WithNamingConvention(CamelCaseNamingConvention.Instance).IgnoreUnmatchedProperties().Build();
        using var text = File.OpenText(path);
        var file = yaml.Deserialize<K8SConfiguration?>(new MergingParser(new Parser(text))) ?? throw new KubeConfigException("the file is empty");
        file.FileName = Path.GetFullPath(path);
        return file;
    }
}
