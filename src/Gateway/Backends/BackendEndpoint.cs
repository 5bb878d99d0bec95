using System.Globalization;

namespace Gateway.Backends;

/// <summary>An instance of a backend, with what is remembered of it while it is among the backend's instances.</summary>
/// <param name="address">Its address, as the cluster reports it.</param>
/// <param name="port">Its port.</param>
/// <param name="dialled">The address to dial, where that is another.</param>
/// <param name="track">Which of the versions that run beside each other it belongs to; empty where its Pod does not say.</param>
internal sealed class BackendEndpoint(string address, int port, string dialled, string track = "")
{
    private int _active;

    public string Address { get; } = address;

    public int Port { get; } = port;

    /// <summary>The track of its Pod, by its label; empty for none.</summary>
    public string Track { get; } = track;

    /// <summary>Where requests are sent: scheme, address and port.</summary>
    public string Prefix { get; } = dialled.Contains(':', StringComparison.Ordinal)
        ? string.Create(CultureInfo.InvariantCulture, $"http://[{dialled}]:{port}")
        : string.Create(CultureInfo.InvariantCulture, $"http://{dialled}:{port}");

    /// <summary>Requests under way.</summary>
    public int Active => Volatile.Read(ref _active);

    public InstanceHealth Health { get; } = new();

    public void Begin() => Interlocked.Increment(ref _active);

    public void End() => Interlocked.Decrement(ref _active);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Address}:{Port}");
}
