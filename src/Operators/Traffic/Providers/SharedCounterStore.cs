namespace Operators.Traffic.Providers;

/// <summary>The Redis in which gateways count together, as they reach it.</summary>
/// <param name="Host">Host name or address.</param>
/// <param name="Port">Port, 1 to 65535.</param>
public sealed record SharedCounterStore(string Host, int Port = 6379);
