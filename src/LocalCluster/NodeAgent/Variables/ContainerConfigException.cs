namespace LocalCluster.NodeAgent.Variables;

/// <summary>A container can't be made as it is declared. The message names what is missing, in a kubelet's words.</summary>
internal sealed class ContainerConfigException(string message) : Exception(message);
