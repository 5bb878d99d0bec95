namespace LocalCluster.Patching;

/// <summary>A well-formed patch that does not fit the object.</summary>
/// <param name="message">Which operation or field does not fit, and why.</param>
internal sealed class PatchException(string message) : Exception(message)
{
    /// <summary>True when a test of a JSON patch failed.</summary>
    public bool IsFailedTest { get; init; }
}
