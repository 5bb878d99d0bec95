using System.Net;
using ControlPlane.Api.Commands;
using ControlPlane.Api.Problems;

namespace ControlPlane.Api.Access.Suspicion;

/// <summary>Shows who is suspected or blocked, and lifts blocks.</summary>
public sealed class BlockDesk(Authorizer authorizer, CommandGate gate, SuspicionGauge gauge)
{
    /// <summary>Everybody with a medium or high score, or blocked, worst first.</summary>
    /// <exception cref="AccessException">The caller may not.</exception>
    public IReadOnlyList<Suspect> List()
    {
        authorizer.Demand(Permissions.ReadAccess);
        return gauge.List();
    }

    /// <summary>Lets somebody in again, and forgets what he was suspected of.</summary>
    public Task LiftAsync(string id, string? reason, CancellationToken cancellationToken) =>
        gate.RunAsync(new Command(Permissions.ManageAccess, new CommandSubject("Block", "", id)) { Reason = reason }, async (_, cancel) =>
        {
            var suspect = gauge.List().FirstOrDefault(suspect => suspect.Id == id) ?? throw new RequestException(HttpStatusCode.NotFound, "id", $"nobody is blocked or suspected as {id}");
            return await gauge.UnblockAsync(suspect.Address, suspect.Account, cancel);
        }, cancellationToken);
}
