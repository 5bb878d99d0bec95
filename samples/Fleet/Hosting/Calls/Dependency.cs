namespace Fleet.Hosting.Calls;

/// <summary>Another service that a service calls.</summary>
/// <param name="Name">Its name, which is also its DNS label.</param>
/// <param name="Timeout">How long an answer may take.</param>
/// <param name="Optional">True when the caller works, degraded, without it; it is then not asked about in readiness.</param>
internal sealed record Dependency(string Name, TimeSpan Timeout, bool Optional = false);
