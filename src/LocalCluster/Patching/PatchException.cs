namespace LocalCluster.Patching;

/// <summary>A well-formed patch that does not fit the object.</summary>
/// <param name="message">Which operation or field does not fit, and why.</param>
internal class PatchException(string message) : Exception(message);

/// <summary>A test of a JSON patch that failed.</summary>
/// <param name="message">Which test.</param>
internal sealed class PatchTestException(string message) : PatchException(message);
