namespace ControlPlane.Kubernetes.Resources.Traffic.Reports;

/// <summary>
/// What a gateway says of its circuits and limits at one moment: the contract between gateways and the control plane, which reads it in its own
/// process or over HTTP. It holds no address and no claim of a caller in clear.
/// </summary>
/// <param name="Gateway">Name of the gateway among its replicas.</param>
/// <param name="At">When it said so (UTC).</param>
/// <param name="Since">Since when it counts (UTC): the start of its process.</param>
public sealed record GatewayReport(string Gateway, DateTimeOffset At, DateTimeOffset Since)
{
    /// <summary>Path at which a gateway that is a process of its own serves it, as JSON.</summary>
    public const string Path = "/report";

    /// <summary>Every circuit that requests have come to, by service.</summary>
    public IReadOnlyList<CircuitReport> Circuits { get; init; } = [];

    /// <summary>Every limit that requests have come to, by service and name.</summary>
    public IReadOnlyList<LimitReport> Limits { get; init; } = [];

    /// <summary>What policies say and the gateway can't do now, because something that it needs is away, by service.</summary>
    public IReadOnlyList<ShortfallReport> Shortfalls { get; init; } = [];
}

/// <summary>Something that a gateway can't do now.</summary>
/// <param name="Namespace">Namespace of the Service (v1) that it concerns.</param>
/// <param name="Service">Its name.</param>
/// <param name="Message">The setting, and what is away.</param>
public sealed record ShortfallReport(string Namespace, string Service, string Message);
