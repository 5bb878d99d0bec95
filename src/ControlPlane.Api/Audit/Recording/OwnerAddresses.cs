using System.Data.Common;
using System.Text.Json.Nodes;
using Compliance.Audit;
using ControlPlane.Api.Audit.Ingestion;
using ControlPlane.Kubernetes.Resources;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Audit.Recording;

/// <summary>
/// Takes the addresses of owners out of declarations that are to be recorded: nobody can tell by its look whether an address is a team's or a
/// person's. What stands there instead is an opaque id that is the same for the same address, so that a change of it shows; the address goes beside the
/// entry, where it can be erased (docs/adr/0022).
/// </summary>
internal sealed class OwnerAddresses(Pseudonyms pseudonyms)
{
    private const string Field = "owner.email";
    private const string Realm = "address";

    /// <summary>The opaque id of an address.</summary>
    public async ValueTask<string> IdOfAsync(string address, CancellationToken cancellationToken)
    {
        try
        {
            return await pseudonyms.OfAsync(Realm, address.Trim().ToLowerInvariant(), cancellationToken);
        }
        catch (Exception e) when (e is DbException or DbUpdateException)
        {
            throw new AuditUnavailableException("the key of opaque ids can't be read from the store, so nothing with an address in it can be recorded", e);
        }
    }

    /// <summary>A declaration without its owner's address, and the address; null when it has none.</summary>
    public async ValueTask<(ManagedService Service, PersonalDatum? Address)> ApartAsync(ManagedService service, CancellationToken cancellationToken)
    {
        if (service.Spec.Owner.Email is not { Length: > 0 } address)
        {
            return (service, null);
        }

        var id = await IdOfAsync(address, cancellationToken);
        return (service with { Spec = service.Spec with { Owner = service.Spec.Owner with { Email = id } } }, new PersonalDatum(id, Field, address));
    }

    /// <summary>An event whose states hold no owner's address.</summary>
    public async ValueTask<AuditEvent> ApartAsync(AuditEvent item, CancellationToken cancellationToken)
    {
        if (AddressIn(item.Before) is null && AddressIn(item.After) is null)
        {
            return item;
        }

        List<PersonalDatum> data = [.. item.PersonalData];
        var before = await ReplacedAsync(item.Before, data, cancellationToken);
        return item with { Before = before, After = await ReplacedAsync(item.After, data, cancellationToken), PersonalData = data };
    }

    private async ValueTask<JsonNode?> ReplacedAsync(JsonNode? state, List<PersonalDatum> data, CancellationToken cancellationToken)
    {
        if (AddressIn(state) is not { } address)
        {
            return state;
        }

        var id = await IdOfAsync(address, cancellationToken);
        if (!data.Exists(datum => (datum.Subject, datum.Field) == (id, Field)))
        {
            data.Add(new PersonalDatum(id, Field, address));
        }

        var replaced = state!.DeepClone();
        replaced["spec"]!["owner"]!["email"] = id;
        return replaced;
    }

    private static string? AddressIn(JsonNode? state) =>
        state is JsonObject item && item["spec"] is JsonObject spec && spec["owner"] is JsonObject owner && owner["email"] is JsonValue email
        && email.TryGetValue<string>(out var address) && address.Contains('@', StringComparison.Ordinal)
            ? address
            : null;
}

/// <summary>The last door before a log: whoever tells of a declaration, by whichever way, the address of its owner does not go into a leaf.</summary>
internal sealed class AddressFreeLog(IAuditLog log, OwnerAddresses addresses) : IAuditLog
{
    public async Task<IReadOnlyList<AuditReceipt>> AppendAsync(IReadOnlyList<AuditEvent> events, CancellationToken cancellationToken)
    {
        List<AuditEvent> apart = new(events.Count);
        foreach (var item in events)
        {
            apart.Add(await addresses.ApartAsync(item, cancellationToken));
        }

        return await log.AppendAsync(apart, cancellationToken);
    }
}
