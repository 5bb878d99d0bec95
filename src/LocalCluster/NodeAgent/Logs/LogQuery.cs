using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace LocalCluster.NodeAgent.Logs;

/// <summary>Which part of a log is asked for; the parameters of PodLogOptions that a kubelet understands.</summary>
internal sealed record LogQuery
{
    /// <summary>Stay and send what comes.</summary>
    public bool Follow { get; init; }

    /// <summary>The run before the present one.</summary>
    public bool Previous { get; init; }

    /// <summary>Each line begins with its time.</summary>
    public bool Timestamps { get; init; }

    /// <summary>Lines from the end; null for all.</summary>
    public long? TailLines { get; init; }

    /// <summary>Most bytes to send; null for all.</summary>
    public long? LimitBytes { get; init; }

    /// <summary>Only lines since then; null for all.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Reads the query.</summary>
    /// <exception cref="FormatException">A value is not what it should be.</exception>
    public static LogQuery Read(IQueryCollection query, DateTimeOffset now) => new()
    {
        Follow = Flag(query, "follow"),
        Previous = Flag(query, "previous"),
        Timestamps = Flag(query, "timestamps"),
        TailLines = Number(query, "tailLines"),
        LimitBytes = Number(query, "limitBytes"),
        Since = Number(query, "sinceSeconds") is { } seconds ? now.AddSeconds(-seconds)
            : query.TryGetValue("sinceTime", out var text) && text.Count > 0
                ? DateTimeOffset.Parse(text[0]!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)
                : null,
    };

    private static bool Flag(IQueryCollection query, string name) => query.TryGetValue(name, out var value) && value.ToString() is "true" or "1" or "";

    private static long? Number(IQueryCollection query, string name) =>
        !query.TryGetValue(name, out var value) ? null
        : long.TryParse(value.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw new FormatException($"{name} must be a number that is not negative, but is \"{value}\"");
}
