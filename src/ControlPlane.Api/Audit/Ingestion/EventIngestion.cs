using System.IO.Pipelines;
using System.Text.Json;
using Compliance.Audit;
using Compliance.Audit.Entries;
using ControlPlane.Api.Access;

namespace ControlPlane.Api.Audit.Ingestion;

/// <summary>Something wrong with a line.</summary>
/// <param name="Line">Number of the line, from 1.</param>
/// <param name="Field">Field at fault; empty for the whole line.</param>
/// <param name="Message">What is wrong, and what would be right. Never holds what the line held.</param>
public sealed record LineError(int Line, string Field, string Message);

/// <summary>An event that is in the log.</summary>
/// <param name="Line">Number of its line, from 1.</param>
/// <param name="Id">The event.</param>
/// <param name="Index">Index of its entry.</param>
/// <param name="Duplicate">True when it was in the log before.</param>
public sealed record LineReceipt(int Line, Guid Id, long Index, bool Duplicate);

/// <summary>What came of a request.</summary>
/// <param name="Accepted">Events that are in the log now and were not before.</param>
/// <param name="Duplicates">Events that were in the log before.</param>
/// <param name="Rejected">Lines with an error. Where a request is taken whole or not at all, nothing was accepted unless this is 0.</param>
/// <param name="Errors">The errors, of the first <see cref="EventIngestion.MostErrors"/> lines at fault.</param>
/// <param name="Receipts">One for each event that is in the log.</param>
public sealed record IngestionOutcome(int Accepted, int Duplicates, int Rejected, IReadOnlyList<LineError> Errors, IReadOnlyList<LineReceipt> Receipts);

/// <summary>
/// Takes events of fleet services into the log. When it answers, they are on disk; a caller that hears nothing sends the same lines again, and is
/// told which are known. A request is taken whole or not at all, unless its caller wants the good lines of it.
/// </summary>
public sealed class EventIngestion(Authorizer authorizer, IAuditLog log, TimeProvider time)
{
    /// <summary>Lines of a request.</summary>
    public const int MostLines = 10_000;

    /// <summary>Bytes of a request.</summary>
    public const int MostBytes = 8 * 1024 * 1024;

    /// <summary>Errors that an answer tells.</summary>
    public const int MostErrors = 100;

    /// <summary>What the log says of itself. It goes by the source as well, which nobody outside can take: this spares readers the doubt.</summary>
    private static readonly string[] OwnActions = ["log.", "retention.", "personal."];

    private static readonly NdjsonLines Lines = new(AuditLimits.EntryBytes, MostLines, MostBytes);

    /// <summary>Takes a request.</summary>
    /// <param name="body">One event a line.</param>
    /// <param name="partial">True: good lines are taken although others are not.</param>
    /// <param name="cancellationToken">Ends it, before anything is taken.</param>
    /// <exception cref="AccessException">The caller may not send events at all.</exception>
    /// <exception cref="AuditUnavailableException">The log takes nothing now, or not so much at once.</exception>
    public async Task<IngestionOutcome> TakeAsync(PipeReader body, bool partial, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(body);
        DemandAny();
        var request = new Request();
        var rules = new AuditEntryWriter("checked");
        await foreach (var line in Lines.ReadAsync(body, cancellationToken))
        {
            if (Read(line, rules, out var item) is { } error)
            {
                request.Reject(error);
            }
            else
            {
                request.Add(line.Number, item!);
            }
        }

        while (request.HasEvents && (partial || request.Rejected == 0))
        {
            try
            {
                return request.Outcome(await log.AppendAsync(request.Events, cancellationToken));
            }
            catch (AuditEventException e)
            {
                request.Reject(e);
            }
        }

        return request.Outcome([]);
    }

    /// <summary>Who may speak for one namespace only, may send; which lines are then his is judged one by one.</summary>
    private void DemandAny()
    {
        if (!authorizer.Caller.Grants.Any(grant => Permissions.AppendAudit.IsHeldBy(grant.Role)))
        {
            authorizer.Demand(Permissions.AppendAudit);
        }
    }

    private LineError? Read(NdjsonLine line, AuditEntryWriter rules, out AuditEvent? item)
    {
        item = null;
        if (line.Bytes is null)
        {
            return new(line.Number, "", $"the line is longer than {AuditLimits.EntryBytes} bytes");
        }

        try
        {
            item = EventLine.Read(line.Bytes).ToEvent();
        }
        catch (JsonException e)
        {
            return new(line.Number, Field(e), Words(e));
        }

        return Objection(item) is var (field, message) ? new(line.Number, field, message) : BreachOf(rules, item, line.Number);
    }

    /// <summary>What the log would object to, told for all lines at once: the log itself stops at the first.</summary>
    private LineError? BreachOf(AuditEntryWriter rules, AuditEvent item, int line)
    {
        try
        {
            rules.Prepare(item, position: 0, time.GetUtcNow());
            return null;
        }
        catch (AuditEventException e)
        {
            return new(line, e.Field, e.Message);
        }
    }

    /// <summary>What the log can't know: who may speak for whom, and what must not stand in the clear.</summary>
    private (string Field, string Message)? Objection(AuditEvent item) => item switch
    {
        { Source: var source } when source.Split('/') is not [{ Length: > 0 }, { Length: > 0 }] => ("source", "must be the sending service, as namespace/name"),
        { Source: var source } when !authorizer.May(Permissions.AppendAudit, source.Split('/')[0]) => ("source", "you may not speak for services of that namespace"),
        { Action: var action } when OwnActions.Any(own => action.StartsWith(own, StringComparison.Ordinal)) => ("action", "is one of the log's own: it says what was removed from it, or may not be"),
        { Actor.Kind: AuditActorKind.System } => ("actor.kind", "system is the control plane itself; a service acts as workload"),
        { Actor.Id: var id } when id.Contains('@', StringComparison.Ordinal) =>
            ("actor.id", "looks like an e-mail address: an actor has an opaque id, and what is personal goes into personalData"),
        { Outcome: AuditOutcome.Pending } => ("outcome", "pending is for approvals of the control plane"),
        _ => null,
    };

    private static string Field(JsonException exception) => exception.Path is { Length: > 2 } path && path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : "";

    /// <summary>What the parser says may quote the line, and the line may hold what is personal.</summary>
    private static string Words(JsonException exception) => exception switch
    {
        { Message: var text } when text.IndexOf("including", StringComparison.Ordinal) is > 0 and var list => $"is incomplete: {Quoted(text[list..])} must be there",
        { Message: var text } when text.Contains("could not be mapped", StringComparison.Ordinal) => "has a field that an event does not have",
        { Message: var text } when text.Contains("Duplicate", StringComparison.OrdinalIgnoreCase) => "has a field twice",
        { Path: { Length: > 2 } } => "has a value of the wrong kind",
        { BytePositionInLine: { } at } => $"is not JSON (at byte {at + 1})",
        _ => "is not JSON",
    };

    /// <summary>The names of our own fields in a message of the parser.</summary>
    private static string Quoted(string text) => string.Join(", ", text.Split('\'').Where((_, i) => i % 2 == 1));

    /// <summary>A request while it is read.</summary>
    private sealed class Request
    {
        private readonly List<(int Line, AuditEvent Event)> _events = [];
        private readonly List<LineError> _errors = [];

        public int Rejected { get; private set; }

        public bool HasEvents => _events.Count > 0;

        public IReadOnlyList<AuditEvent> Events => [.. _events.Select(item => item.Event)];

        public void Add(int line, AuditEvent item) => _events.Add((line, item));

        public void Reject(AuditEventException objection)
        {
            Reject(new LineError(_events[objection.Position].Line, objection.Field, objection.Message));
            _events.RemoveAt(objection.Position);
        }

        public void Reject(LineError error)
        {
            Rejected++;
            if (_errors.Count < MostErrors)
            {
                _errors.Add(error);
            }
        }

        public IngestionOutcome Outcome(IReadOnlyList<AuditReceipt> receipts)
        {
            var known = receipts.Count(receipt => receipt.IsDuplicate);
            return new(
                receipts.Count - known,
                known,
                Rejected,
                [.. _errors.OrderBy(error => error.Line)],
                [.. receipts.Zip(_events, (receipt, item) => new LineReceipt(item.Line, receipt.EventId, receipt.Index, receipt.IsDuplicate))]);
        }
    }
}
