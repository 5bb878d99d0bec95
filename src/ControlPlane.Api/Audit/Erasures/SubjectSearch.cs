using System.Text.Json.Nodes;
using Compliance.Audit;
using Compliance.Audit.Entries;
using Compliance.Audit.Personal;
using Compliance.Retention;
using ControlPlane.Api.Access;
using ControlPlane.Api.Access.Tokens;
using ControlPlane.Api.Access.Users;
using ControlPlane.Api.Audit.Holds;
using ControlPlane.Api.Audit.Ingestion;
using ControlPlane.Api.Audit.Recording;
using ControlPlane.Api.Commands;
using ControlPlane.Api.Problems;
using ControlPlane.Api.Store;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Audit.Erasures;

/// <summary>
/// Finds whose data an identifier leads to: an opaque id, the name or e-mail address of an account, a name that Kubernetes knows, or any personal datum
/// that an entry commits to. That somebody looked is on record, under the reference of the request; the identifier itself goes nowhere.
/// </summary>
public sealed class SubjectSearch
{
    private const int LongestIdentifier = 256;
    private const int MostTokens = 1000;

    private readonly CommandGate _gate;
    private readonly IPersonalVault _vault;
    private readonly ErasurePlanner _planner;
    private readonly IAuditReader _reader;
    private readonly IDbContextFactory<ControlPlaneContext> _store;
    private readonly Pseudonyms _pseudonyms;
    private readonly OwnerAddresses _addresses;

    internal SubjectSearch(
        CommandGate gate, IPersonalVault vault, ErasurePlanner planner, IAuditReader reader, IDbContextFactory<ControlPlaneContext> store, Pseudonyms pseudonyms, OwnerAddresses addresses) =>
        (_gate, _vault, _planner, _reader, _store, _pseudonyms, _addresses) = (gate, vault, planner, reader, store, pseudonyms, addresses);

    /// <summary>Everybody that the identifier may be, with what would be erased and what would stay.</summary>
    /// <param name="identifier">What the person told to be known by.</param>
    /// <param name="reference">What the request is called elsewhere.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="AccessException">The caller may not.</exception>
    /// <exception cref="RequestException">The identifier or the reference does not do.</exception>
    public Task<IReadOnlyList<FoundSubject>> FindAsync(string? identifier, string? reference, CancellationToken cancellationToken)
    {
        var wanted = identifier?.Trim() is { Length: > 0 and <= LongestIdentifier } text
            ? text
            : throw RequestException.BadParameter("identifier", $"say in 1 to {LongestIdentifier} characters by what the person is known: an id, a name, an e-mail address");
        var command = new Command(Permissions.FindPersonalData, new CommandSubject(ErasureCertificate.ObjectKind, "", "(looked for)")) { Reason = $"request {References.Read(reference)}" };
        return _gate.RunAsync(
            command,
            async (trace, cancel) =>
            {
                List<FoundSubject> found = [];
                foreach (var (subject, foundBy, hasAccount) in await CandidatesAsync(wanted, cancel))
                {
                    var plan = await _planner.PlanAsync(subject, cancel);
                    if (hasAccount || plan.Goes.Count + plan.Kept > 0)
                    {
                        found.Add(FoundSubject.Of(plan, foundBy, hasAccount));
                    }
                }

                trace.After = new JsonArray([.. found.Select(static subject => (JsonNode)subject.Subject)]);
                return (IReadOnlyList<FoundSubject>)found;
            },
            cancellationToken);
    }

    private async Task<IReadOnlyList<(string Subject, string FoundBy, bool HasAccount)>> CandidatesAsync(string identifier, CancellationToken cancellationToken)
    {
        Dictionary<string, (string FoundBy, bool HasAccount)> candidates = new(StringComparer.Ordinal);
        foreach (var user in await UsersAsync(identifier, cancellationToken))
        {
            candidates.TryAdd(user.Id, (user.Id == identifier ? "id of an account" : user.Name == UserName.Normalize(identifier) ? "name of an account" : "e-mail address of an account", true));
        }

        candidates.TryAdd(identifier, ("id", false));
        candidates.TryAdd(await _pseudonyms.OfAsync(KubernetesEntry.Realm, identifier, cancellationToken), ("name in Kubernetes", false));
        candidates.TryAdd(await _addresses.IdOfAsync(identifier, cancellationToken), ("address of an owner", false));
        foreach (var subject in await _vault.FindSubjectsAsync(identifier, cancellationToken))
        {
            candidates.TryAdd(subject, ("personal datum", false));
        }

        foreach (var person in candidates.Keys.Where(static id => id.StartsWith("u_", StringComparison.Ordinal)).ToList())
        {
            foreach (var token in await TokensAsync(person, cancellationToken))
            {
                candidates.TryAdd(token, ("API token of the person", false));
            }
        }

        return [.. candidates.Select(static candidate => (candidate.Key, candidate.Value.FoundBy, candidate.Value.HasAccount))];
    }

    private async Task<List<User>> UsersAsync(string identifier, CancellationToken cancellationToken)
    {
        var name = UserName.Normalize(identifier);
        await using var context = await _store.CreateDbContextAsync(cancellationToken);
#pragma warning disable CA1304, CA1311, CA1862, MA0011 // translated to SQL
        return await context.Set<User>().AsNoTracking()
            .Where(user => user.Id == identifier || user.Name == name || (user.Email != null && user.Email.ToLower() == name))
            .ToListAsync(cancellationToken);
#pragma warning restore CA1304, CA1311, CA1862, MA0011
    }

    /// <summary>Tokens of a person: those that there are, and those that the log saw made, as their addresses are the person's too.</summary>
    private async Task<IReadOnlyCollection<string>> TokensAsync(string person, CancellationToken cancellationToken)
    {
        await using var context = await _store.CreateDbContextAsync(cancellationToken);
        var tokens = await context.Set<ApiToken>().AsNoTracking().Where(token => token.OwnerId == person).Select(token => token.Id).ToListAsync(cancellationToken);
        var made = await _reader.SearchAsync(new AuditQuery { ObjectKind = "Token", ObjectName = person }, before: null, MostTokens, cancellationToken);
        return [.. tokens.Union(made.Select(static entry => (string?)(AuditEntryReader.TryRead(entry.Bytes)?.After as JsonObject)?["token"]).OfType<string>())];
    }
}
