namespace LocalCluster;

/// <summary>The cluster can't start. The message says why and what to do; nothing on disk was changed.</summary>
public sealed class LocalClusterException : Exception
{
    /// <param name="message">Why, and what to do.</param>
    /// <param name="inner">Cause.</param>
    public LocalClusterException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
