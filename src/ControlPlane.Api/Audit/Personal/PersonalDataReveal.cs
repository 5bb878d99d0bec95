using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Compliance.Audit;
using Compliance.Audit.Personal;
using ControlPlane.Api.Access;
using ControlPlane.Api.Audit.Erasures;
using ControlPlane.Api.Commands;
using ControlPlane.Api.Problems;

namespace ControlPlane.Api.Audit.Personal;

/// <summary>
/// Shows the personal data that an entry commits to. To look is a command: who looked at whose data, and why, is on record before anything is shown.
/// </summary>
public sealed class PersonalDataReveal(CommandGate gate, AuditEntryQuery entries, IPersonalVault vault, ErasureQuery erasures)
{
    /// <summary>The data of an entry; null when there is no such entry for the caller.</summary>
    /// <param name="index">The entry.</param>
    /// <param name="reason">Why; there must be one.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="AccessException">The caller may not.</exception>
    /// <exception cref="RequestException">There is no reason.</exception>
    /// <exception cref="AuditUnavailableException">It can't be recorded, so nothing is shown.</exception>
    public async Task<IReadOnlyList<RevealedDatum>?> RevealAsync(long index, string? reason, CancellationToken cancellationToken)
    {
        if (await entries.ReadAsync(index, cancellationToken) is not { } found)
        {
            return null;
        }

        if (string.IsNullOrWhiteSpace(reason))
        {
            throw new RequestException(HttpStatusCode.UnprocessableEntity, "reason", "say why you look at personal data");
        }

        var entry = RecordedEntry.Of(found);
        var command = new Command(Permissions.RevealPersonalData, new CommandSubject("AuditEntry", entry.Object?.Namespace ?? "", index.ToString(CultureInfo.InvariantCulture)))
        {
            Reason = reason.Trim(),
        };
        return await gate.RunAsync(
            command,
            async (trace, cancel) =>
            {
                trace.After = new JsonArray([.. entry.Commitments.Select(datum => (JsonNode)new JsonObject { ["subject"] = datum.Subject, ["field"] = datum.Field })]);
                List<RevealedDatum> data = [];
                foreach (var datum in entry.Commitments)
                {
                    var value = await vault.RevealAsync(new CommitmentReference(datum.Subject, datum.Field, datum.Digest), cancel);
                    data.Add(new(datum.Subject, datum.Field, value, value is null ? await erasures.OfDatumAsync(datum.Subject, index, entry.RetentionClass, cancel) : null));
                }

                return data;
            },
            cancellationToken);
    }
}

/// <summary>A personal datum of an entry.</summary>
/// <param name="Subject">Opaque id of the person.</param>
/// <param name="Field">What it is.</param>
/// <param name="Value">The datum; null when it was erased. The entry still verifies.</param>
/// <param name="Erasure">By which request it was erased; null when it was not, or when no certificate tells.</param>
public sealed record RevealedDatum(string Subject, string Field, string? Value, DatumErasure? Erasure = null);

/// <summary>How a datum went.</summary>
/// <param name="At">When (UTC).</param>
/// <param name="Reference">What the request was called elsewhere; the rule, where the datum went because its time was over.</param>
/// <param name="Entry">Index of the certificate.</param>
/// <param name="WasAsked">False where nobody asked, and its time was over.</param>
public sealed record DatumErasure(DateTimeOffset At, string Reference, long Entry, bool WasAsked = true);
