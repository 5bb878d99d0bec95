using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using ControlPlane.Api.Access;
using ControlPlane.Api.Commands;
using ControlPlane.Api.Problems;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Rollouts;
using Operators.Cluster;

namespace ControlPlane.Api.Incidents;

/// <summary>An incident that somebody wants to declare.</summary>
/// <param name="Severity">How bad it is; there must be one.</param>
/// <param name="Title">What is wrong, in at most 200 characters, without names of people.</param>
/// <param name="Services">Services that it concerns, as <c>namespace/name</c>; at least one.</param>
public sealed record IncidentDraft(IncidentSeverity? Severity, string? Title, IReadOnlyList<string>? Services);

/// <summary>Declares incidents, adds what becomes known of them, and resolves them. Who does must may so for every service that an incident concerns.</summary>
public sealed class IncidentCommands
{
    private readonly FleetCaches _caches;
    private readonly IncidentBook _book;
    private readonly CommandGate _gate;
    private readonly Authorizer _authorizer;
    private readonly TimeProvider _time;

    internal IncidentCommands(FleetCaches caches, IncidentBook book, CommandGate gate, Authorizer authorizer, TimeProvider time) =>
        (_caches, _book, _gate, _authorizer, _time) = (caches, book, gate, authorizer, time);

    private string Actor => _authorizer.Caller.PersonId ?? _authorizer.Caller.Id;

    /// <summary>Declares an incident.</summary>
    /// <exception cref="RequestException">Something of the draft does not do; the field is named.</exception>
    /// <exception cref="AccessException">The caller may not, for one of its services.</exception>
    public Task<Incident> DeclareAsync(IncidentDraft draft, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(draft);
        var (severity, title, services) = Check(draft);
        return DeclareAsync(severity, title, services, source: null, id => Note(id, IncidentNoteType.Declared, title), cancellationToken);
    }

    /// <summary>Tells an incident more.</summary>
    /// <exception cref="RequestException">There is no such incident, it is resolved, or the text does not do.</exception>
    /// <exception cref="AccessException">The caller may not, for one of its services.</exception>
    public Task<Incident> NoteAsync(long number, string? text, CancellationToken cancellationToken) =>
        AddAsync(Permissions.NoteIncident, number, () => Note(Guid.CreateVersion7(), IncidentNoteType.Note, Text("text", text, IncidentNote.LongestText)), cancellationToken);

    /// <summary>Resolves an incident.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="text">What mended it; there must be a word.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="RequestException">There is no such incident, it is resolved, or the text does not do.</exception>
    /// <exception cref="AccessException">The caller may not, for one of its services.</exception>
    public Task<Incident> ResolveAsync(long number, string? text, CancellationToken cancellationToken) =>
        AddAsync(Permissions.ResolveIncident, number, () => Note(Guid.CreateVersion7(), IncidentNoteType.Resolved, Text("text", text, IncidentNote.LongestText)), cancellationToken);

    /// <summary>True when the caller may do something about an incident.</summary>
    public bool May(Permission permission, Incident incident)
    {
        ArgumentNullException.ThrowIfNull(incident);
        return Subjects(incident.Services).All(subject => _authorizer.May(permission, subject.Namespace, subject.Team));
    }

    /// <summary>Declares an incident that a program opens, or tells the one more that it opened before, once.</summary>
    internal async Task<Incident> TellAsync(IncidentSeverity severity, string title, IReadOnlyList<string> services, string source, IncidentNote note, CancellationToken cancellationToken) =>
        await _book.FindOpenAsync(source, cancellationToken) is { } open
            ? await AddAsync(Permissions.NoteIncident, open.Number, () => note, cancellationToken)
            : await DeclareAsync(severity, title, services, source, _ => note, cancellationToken);

    private Task<Incident> DeclareAsync(
        IncidentSeverity severity, string title, IReadOnlyList<string> services, string? source, Func<Guid, IncidentNote> first, CancellationToken cancellationToken) => _gate.RunAsync(
        new Command(Permissions.DeclareIncident, [.. Subjects(services)]) { Reason = title },
        async (trace, cancel) =>
        {
            var incident = new Incident { Severity = severity, Title = title, Services = services, Source = source, DeclaredAt = _time.GetUtcNow(), DeclaredBy = Actor };
            var declared = await _book.AddAsync(incident, first(Guid.CreateVersion7()), cancel);
            trace.After = new JsonObject { ["incident"] = declared.Id, ["severity"] = severity.ToString(), ["title"] = title };
            return declared;
        },
        cancellationToken);

    private async Task<Incident> AddAsync(Permission permission, long number, Func<IncidentNote> note, CancellationToken cancellationToken)
    {
        var incident = await _book.FindAsync(number, cancellationToken) ?? throw IncidentBook.Unknown(number);
        var added = note();
        return await _gate.RunAsync(
            new Command(permission, [.. Subjects(incident.Services)]) { Reason = Short(added.Text) },
            async (trace, cancel) =>
            {
                trace.After = new JsonObject { ["incident"] = incident.Id, ["note"] = added.Type.ToString() };
                return await _book.AddAsync(number, added, cancel);
            },
            cancellationToken);
    }

    private (IncidentSeverity Severity, string Title, IReadOnlyList<string> Services) Check(IncidentDraft draft)
    {
        var severity = draft.Severity ?? throw RequestException.BadParameter("severity", "say how bad it is: P0, P1, P2 or P3");
        var title = Text("title", draft.Title, Incident.LongestTitle);
        List<string> services = [.. (draft.Services ?? []).Select(static service => service.Trim()).Distinct(StringComparer.Ordinal)];
        if (services.Count is 0 or > Incident.MostServices)
        {
            throw RequestException.BadParameter("services", string.Create(CultureInfo.InvariantCulture, $"name the services that it concerns as namespace/name, from one to {Incident.MostServices}"));
        }

        var unknown = services.FindIndex(service => Find(service) is null);
        return unknown < 0 ? (severity, title, services) : throw new RequestException(
            HttpStatusCode.UnprocessableEntity, string.Create(CultureInfo.InvariantCulture, $"services[{unknown}]"), $"there is no service '{services[unknown]}'; it is written namespace/name");
    }

    private static string Text(string field, string? text, int longest) => text?.Trim() switch
    {
        null or "" => throw RequestException.BadParameter(field, "say what is known, without names of people"),
        { Length: var length } when length > longest => throw RequestException.BadParameter(field, string.Create(CultureInfo.InvariantCulture, $"it has at most {longest} characters")),
        { } plain when plain.Any(static letter => char.IsControl(letter) && letter is not '\n') => throw RequestException.BadParameter(field, "it is plain text, without control characters"),
        { } plain => plain,
    };

    private static string Short(string text) => text.Length <= Command.LongestReason ? text : text[..Command.LongestReason];

    private IncidentNote Note(Guid id, IncidentNoteType type, string text) => new() { Id = id, Type = type, At = _time.GetUtcNow(), By = Actor, Text = text };

    private IEnumerable<CommandSubject> Subjects(IEnumerable<string> services) => services.Select(service =>
    {
        var declared = Find(service)?.Spec;
        var key = IncidentServiceKey.Of(service);
        return new CommandSubject(ManagedService.ResourceType.Kind, key.Namespace, key.Name)
        {
            Team = declared?.Owner.Team,
            Tier = declared?.Tier.ToString(),
            Frameworks = declared?.Compliance?.Frameworks ?? [],
        };
    });

    private ManagedService? Find(string service) => _caches.Services.Cache.Find(IncidentServiceKey.Of(service));
}
