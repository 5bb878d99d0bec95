namespace LocalCluster.Registry;

/// <summary>Who makes a request.</summary>
/// <param name="Name">User name.</param>
/// <param name="Groups">Groups that the user belongs to.</param>
internal sealed record RequestUser(string Name, IReadOnlyList<string> Groups)
{
    /// <summary>Uid, where there is one.</summary>
    public string Uid { get; init; } = "";

    /// <summary>More that is known, such as the pod of a service account's token.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Extra { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Whoever reaches the loopback port without a token: the owner of the machine.</summary>
    public static RequestUser Owner { get; } = new("kubernetes-admin", ["system:masters", "system:authenticated"]);
}
