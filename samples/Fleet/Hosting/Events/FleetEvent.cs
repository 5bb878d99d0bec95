namespace Fleet.Hosting.Events;

/// <summary>Something that happened, told to whoever subscribed.</summary>
/// <param name="Topic">Topic, such as <c>order-events</c>.</param>
/// <param name="Type">What happened, such as <c>ORDER_PLACED</c>.</param>
/// <param name="Key">Id of what it happened to.</param>
/// <param name="Data">More about it: ids, numbers and words, never a personal datum.</param>
/// <param name="Offset">Place in the topic, from 0.</param>
/// <param name="At">When it was published (UTC).</param>
/// <param name="RequestId">The request that caused it; null outside of one.</param>
/// <param name="TraceParent">The trace that it belongs to; null without one.</param>
internal sealed record FleetEvent(
    string Topic,
    string Type,
    string Key,
    IReadOnlyDictionary<string, string> Data,
    long Offset,
    DateTimeOffset At,
    string? RequestId,
    string? TraceParent);
