using ControlPlane.Kubernetes.Resources;

namespace ControlPlane.Kubernetes.Caching;

/// <summary>What a watch told.</summary>
internal enum WatchEventType
{
    /// <summary>The server has accepted the watch; nothing has happened yet.</summary>
    Opened,
    Added,
    Modified,
    Deleted,

    /// <summary>Nothing happened up to this version.</summary>
    Bookmark,

    /// <summary>An object came or changed that could not be decoded. Its version counts, its content does not.</summary>
    Undecodable,
}

/// <summary>One event of a watch.</summary>
/// <param name="Type">What happened.</param>
/// <param name="Object">The object; null when there is none or it could not be decoded.</param>
/// <param name="Key">Which object; empty for events that are about none.</param>
/// <param name="ResourceVersion">Where the watch can be resumed after this event; empty when the event does not say.</param>
/// <param name="Problem">Why it could not be decoded.</param>
internal readonly record struct WatchEvent<T>(WatchEventType Type, T? Object, ObjectKey Key, string ResourceVersion, string? Problem = null)
    where T : class, IKubeObject
{
    public static WatchEvent<T> Opened { get; } = new(WatchEventType.Opened, null, new("", ""), "");
}

/// <summary>The server neither sent anything nor closed the watch for longer than it should have.</summary>
internal sealed class WatchStalledException(TimeSpan silence)
    : Exception($"the watch was silent for {silence.TotalSeconds:0} s and was given up");
