using System.Net;

namespace Fleet.Hosting.Calls;

/// <summary>What a dependency answered: a value, or why it refused (any 4xx).</summary>
/// <param name="Status">Status of the answer, below 500.</param>
/// <param name="Value">The body of a success; null where it has none.</param>
/// <param name="Refusal">The problem of a refusal.</param>
internal sealed record CallReply<T>(HttpStatusCode Status, T? Value, Refusal? Refusal)
    where T : class;

/// <summary>The part of a dependency's problem that its callers use.</summary>
internal sealed record Refusal
{
    public string? Detail { get; init; }

    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }
}
