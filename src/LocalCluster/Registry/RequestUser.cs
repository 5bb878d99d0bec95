using System.Text.Json.Nodes;

namespace LocalCluster.Registry;

/// <summary>Who makes a request.</summary>
/// <param name="Name">User name.</param>
/// <param name="Groups">Groups that the user belongs to.</param>
internal sealed record RequestUser(string Name, IReadOnlyList<string> Groups)
{
    /// <summary>Uid, where there is one.</summary>
    public string Uid { get; init; } = "";

    /// <summary>The <c>UserInfo</c> of reviews.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject { ["username"] = Name };
        if (Uid.Length > 0)
        {
            json["uid"] = Uid;
        }

        json["groups"] = new JsonArray([.. Groups.Select(g => JsonValue.Create(g))]);
        return json;
    }

    /// <summary>Whoever reaches the loopback port without a token: the owner of the machine.</summary>
    public static RequestUser Owner { get; } = new("kubernetes-admin", ["system:masters", "system:authenticated"]);
}
