namespace Fleet.Hosting.Idempotency;

/// <summary>The keys that a service has seen of late, whichever of its replicas saw them.</summary>
internal sealed class IdempotentAttempts
{
    private readonly RecentItems<string, IdempotentAttempt> _attempts = new();

    /// <summary>The attempt that came first with this key.</summary>
    public IdempotentAttempt First(string key, IdempotentAttempt attempt) => _attempts.GetOrAdd(key, attempt);

    public void Forget(string key) => _attempts.Remove(key);
}

/// <summary>A request that came with a key.</summary>
/// <param name="fingerprint">What tells it from another request.</param>
internal sealed class IdempotentAttempt(string fingerprint)
{
    public string Fingerprint { get; } = fingerprint;

    /// <summary>Its answer; null when it came to nothing and may be tried again.</summary>
    public TaskCompletionSource<object?> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
