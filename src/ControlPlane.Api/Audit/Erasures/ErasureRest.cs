using ControlPlane.Api.Access;
using ControlPlane.Api.Access.Http;
using ControlPlane.Api.Commands;
using ControlPlane.Api.Lists;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace ControlPlane.Api.Audit.Erasures;

/// <summary>Looks for somebody.</summary>
/// <param name="Identifier">What the person told to be known by. It is in no address, no log and no answer.</param>
/// <param name="Reference">What the request is called elsewhere, without personal data.</param>
public sealed record ErasurePreviewRequest(string? Identifier, string? Reference);

/// <summary>REST: erasure of personal data.</summary>
internal static class ErasureRest
{
    public static RouteGroupBuilder MapErasures(this RouteGroupBuilder audit)
    {
        var erasures = audit.MapGroup("/erasures");
        erasures.MapGet("/", List).Requires(Permissions.ReadRetention).WithSummary("Lists certificates of erasure, newest first; subject narrows to one person's opaque id.");
        erasures.MapPost("/preview", Preview).Requires(Permissions.FindPersonalData).WithSummary("Finds whose data an identifier leads to, and says what would be erased, what would stay, and why.");
        erasures.MapPost("/", Run).Requires(Permissions.ErasePersonalData).WithSummary("Erases somebody's personal data; by default a second person must approve. Nobody can undo it.");
        return audit;
    }

    private static Task<ListPage<ErasureView>> List(ErasureQuery erasures, string? subject, string? cursor, CancellationToken cancellationToken, int limit = Paging.DefaultPage) =>
        erasures.ListAsync(subject, cursor, limit, cancellationToken);

    private static async Task<Ok<WholeList<FoundSubject>>> Preview(ErasurePreviewRequest body, SubjectSearch subjects, HttpResponse response, CancellationToken cancellationToken)
    {
        response.Headers.CacheControl = "no-store"; // whom an identifier leads to is kept nowhere, not for retries either
        return TypedResults.Ok(new WholeList<FoundSubject>(await subjects.FindAsync(body.Identifier, body.Reference, cancellationToken)));
    }

    private static async Task<Ok<WholeList<ErasureView>>> Run(ErasureDraft draft, EraseCommand command, HttpRequest request, CancellationToken cancellationToken) =>
        TypedResults.Ok(new WholeList<ErasureView>(await command.RunAsync(draft with { Reason = draft.Reason ?? Reasons.Of(request) }, cancellationToken)));
}
