using System.Text.Json.Nodes;
using Compliance.Audit;

namespace ControlPlane.Api.Commands;

/// <summary>What becomes known of a command while it runs, and belongs into its record.</summary>
public sealed class CommandTrace
{
    private readonly List<SubjectTrace> _subjects = [];

    /// <summary>Ties together all that the command causes.</summary>
    public string CorrelationId { get; init; } = "";

    /// <summary>State before, of a command with one subject; without secrets and personal data.</summary>
    public JsonNode? Before { get; set; }

    /// <summary>State after, of a command with one subject; without secrets and personal data.</summary>
    public JsonNode? After { get; set; }

    /// <summary>Why nothing came of the command although it did not throw, such as a plan that the cluster refuses; null when it was done.</summary>
    public string? Problem { get; set; }

    /// <summary>Personal data that belongs to the record; kept apart from it.</summary>
    public IList<PersonalDatum> PersonalData { get; } = [];

    /// <summary>Says what became of one subject of a command with many.</summary>
    /// <param name="subject">The subject.</param>
    /// <param name="before">State before; null when there was none.</param>
    /// <param name="after">State after; null when there is none.</param>
    /// <param name="problem">Why it was not done; null when it was.</param>
    public void Add(CommandSubject subject, JsonNode? before, JsonNode? after, string? problem = null) =>
        _subjects.Add(new(subject, before, after, problem));

    /// <summary>What became of a subject; one of which nothing is known shares the fate of the command.</summary>
    /// <param name="subject">The subject.</param>
    /// <param name="failure">Why the command failed; null when it did not.</param>
    internal SubjectTrace Of(CommandSubject subject, string? failure) =>
        _subjects.LastOrDefault(trace => trace.Subject.IsSame(subject)) ?? new(subject, Before, After, Problem ?? failure);
}

/// <summary>What became of one subject.</summary>
internal sealed record SubjectTrace(CommandSubject Subject, JsonNode? Before, JsonNode? After, string? Problem);
