using ControlPlane.Kubernetes.Resources;

namespace Gateway.Resources;

/// <summary>A Gateway: where to listen, and which routes may attach. (The kind is Gateway; so is this project.)</summary>
internal sealed record GatewayResource : CustomResource<GatewaySpec, GatewayStatus>;

/// <summary>Desired state of a Gateway.</summary>
internal sealed record GatewaySpec
{
    public string GatewayClassName { get; init; } = "";

    /// <summary>Addresses that are asked for; none for the gateway's own choice.</summary>
    public IReadOnlyList<GatewayAddress> Addresses { get; init; } = [];

    public IReadOnlyList<Listener> Listeners { get; init; } = [];

    public GatewayInfrastructure? Infrastructure { get; init; }
}

/// <summary>How the infrastructure of a Gateway is made.</summary>
internal sealed record GatewayInfrastructure
{
    public ParametersReference? ParametersRef { get; init; }
}

/// <summary>An address of a Gateway.</summary>
internal sealed record GatewayAddress
{
    public const string IpAddress = "IPAddress";

    public string Type { get; init; } = IpAddress;

    /// <summary>The address; null or empty asks for any.</summary>
    public string? Value { get; init; }
}

/// <summary>A port with what may pass through it.</summary>
internal sealed record Listener
{
    public const string Http = "HTTP";
    public const string Https = "HTTPS";

    public string Name { get; init; } = "";

    /// <summary>Host name, perhaps with <c>*.</c> before it; null for all.</summary>
    public string? Hostname { get; init; }

    public int Port { get; init; }

    public string Protocol { get; init; } = "";

    public ListenerTls? Tls { get; init; }

    public AllowedRoutes AllowedRoutes { get; init; } = new();
}

/// <summary>How a listener ends TLS.</summary>
internal sealed record ListenerTls
{
    public string Mode { get; init; } = "Terminate";

    public IReadOnlyList<SecretReference> CertificateRefs { get; init; } = [];
}

/// <summary>Names a certificate.</summary>
internal sealed record SecretReference
{
    public string Group { get; init; } = "";

    public string Kind { get; init; } = "Secret";

    public string Name { get; init; } = "";

    /// <summary>Its namespace; null for the Gateway's.</summary>
    public string? Namespace { get; init; }
}

/// <summary>Which routes may attach to a listener.</summary>
internal sealed record AllowedRoutes
{
    public RouteNamespaces Namespaces { get; init; } = new();

    /// <summary>Kinds; none for all that the protocol can carry.</summary>
    public IReadOnlyList<RouteGroupKind> Kinds { get; init; } = [];
}

/// <summary>From which namespaces routes may attach.</summary>
internal sealed record RouteNamespaces
{
    public const string All = "All";
    public const string Same = "Same";
    public const string BySelector = "Selector";

    public string From { get; init; } = Same;

    public LabelSelector? Selector { get; init; }
}

/// <summary>Selects by labels; all of it must hold.</summary>
internal sealed record LabelSelector
{
    public IReadOnlyDictionary<string, string> MatchLabels { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<LabelRequirement> MatchExpressions { get; init; } = [];

    /// <summary>True when the labels are as the selector wants them. An operator that nobody knows selects nothing.</summary>
    public bool Matches(IReadOnlyDictionary<string, string> labels) =>
        MatchLabels.All(wanted => labels.TryGetValue(wanted.Key, out var value) && value == wanted.Value)
        && MatchExpressions.All(requirement => requirement.Matches(labels));
}

/// <summary>One requirement of a selector.</summary>
internal sealed record LabelRequirement
{
    public string Key { get; init; } = "";

    public string Operator { get; init; } = "";

    public IReadOnlyList<string> Values { get; init; } = [];

    public bool Matches(IReadOnlyDictionary<string, string> labels)
    {
        var value = labels.TryGetValue(Key, out var found) ? found : null;
        return Operator switch
        {
            "In" => value is not null && Values.Contains(value),
            "NotIn" => value is null || !Values.Contains(value),
            "Exists" => value is not null,
            "DoesNotExist" => value is null,
            _ => false,
        };
    }
}

/// <summary>Observed state of a Gateway.</summary>
internal sealed record GatewayStatus
{
    public IReadOnlyList<GatewayAddress> Addresses { get; init; } = [];

    public IReadOnlyList<Condition> Conditions { get; init; } = [];

    public IReadOnlyList<ListenerStatus> Listeners { get; init; } = [];
}

/// <summary>Observed state of a listener.</summary>
internal sealed record ListenerStatus
{
    public required string Name { get; init; }

    public IReadOnlyList<RouteGroupKind> SupportedKinds { get; init; } = [];

    /// <summary>Routes that it accepts, whether what they refer to exists or not.</summary>
    public int AttachedRoutes { get; init; }

    public IReadOnlyList<Condition> Conditions { get; init; } = [];
}
