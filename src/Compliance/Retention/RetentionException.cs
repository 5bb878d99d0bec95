namespace Compliance.Retention;

/// <summary>Something that would remove records or data was not done: the log does not allow it as it is now.</summary>
/// <param name="message">Why, and what would help.</param>
public sealed class RetentionException(string message) : Exception(message);
