namespace ControlPlane.Api.Incidents;

/// <summary>Something that became known of an incident.</summary>
public sealed class IncidentNote
{
    /// <summary>Longest text, in characters.</summary>
    public const int LongestText = 4000;

    /// <summary>Tells it from all others. Of what is told by a program it is made of what happened, so that it is told once.</summary>
    public required Guid Id { get; init; }

    /// <summary>What it is.</summary>
    public required IncidentNoteType Type { get; init; }

    /// <summary>When it happened (UTC).</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Opaque id of who says so.</summary>
    public required string By { get; init; }

    /// <summary>What, for people, without names of people.</summary>
    public required string Text { get; init; }
}

/// <summary>What a note is.</summary>
public enum IncidentNoteType
{
    /// <summary>The incident was declared.</summary>
    Declared,

    /// <summary>Somebody knows more.</summary>
    Note,

    /// <summary>A rollout went back.</summary>
    RolledBack,

    /// <summary>It is mended; what mended it.</summary>
    Resolved,
}
