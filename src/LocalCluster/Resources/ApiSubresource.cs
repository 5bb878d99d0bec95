namespace LocalCluster.Resources;

/// <summary>A part of an object that has a path of its own.</summary>
/// <param name="Name">Last part of the path, such as <c>status</c>.</param>
/// <param name="Kind">Kind of what is read and written there.</param>
/// <param name="Group">API group of that kind where it is not the resource's own.</param>
/// <param name="Version">API version of that kind where it is not the resource's own.</param>
/// <param name="Verbs">What can be done with it.</param>
internal sealed record ApiSubresource(string Name, string Kind, string? Group, string? Version, IReadOnlyList<string> Verbs);
