using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Resources;

namespace ControlPlane.Kubernetes.Caching;

/// <summary>What a watch told.</summary>
internal enum WatchEventType
{
    Added,
    Modified,
    Deleted,
    Bookmark,

    /// <summary>An object that could not be decoded. Its version counts, its content does not.</summary>
    Undecodable,
}

/// <summary>One event of a watch.</summary>
/// <param name="Type">What happened.</param>
/// <param name="Object">The object; null for bookmarks and undecodable ones.</param>
/// <param name="Key">Which object; default for bookmarks.</param>
/// <param name="ResourceVersion">Where the watch can be resumed after this event.</param>
/// <param name="Problem">Why it could not be decoded.</param>
internal readonly record struct WatchEvent<T>(WatchEventType Type, T? Object, ObjectKey Key, string ResourceVersion, string? Problem = null)
    where T : class, IKubeObject;

/// <summary>The resourceVersion is too old to resume from: list again.</summary>
internal sealed class WatchExpiredException(string message) : Exception(message);

/// <summary>The server neither sent anything nor closed the watch for longer than it should have.</summary>
internal sealed class WatchStalledException(TimeSpan silence)
    : Exception($"the watch was silent for {silence.TotalSeconds:0} s and was given up");

/// <summary>The server ended the watch with an error other than expiry.</summary>
internal sealed class WatchFailedException(KubeApiException status) : Exception(status.Message, status);
