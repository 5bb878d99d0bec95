using ControlPlane.Api.Access.Suspicion;
using ControlPlane.Api.Problems;
using Microsoft.AspNetCore.Components;

namespace ControlPlane.Web.Access;

/// <summary>Who is suspected or blocked, and why.</summary>
public sealed partial class BlockedPanel
{
    private IReadOnlyList<Suspect> _suspects = [];
    private ProblemDescription? _problem;

    [Inject]
    private BlockDesk Desk { get; set; } = null!;

    /// <inheritdoc/>
    protected override void OnInitialized() => _suspects = Desk.List();

    private static string Words(Suspicions suspicions)
    {
        List<string> words = [];
        void Add(Suspicions one, string text)
        {
            if (suspicions.HasFlag(one))
            {
                words.Add(text);
            }
        }

        Add(Suspicions.BotAgent, "a program's agent");
        Add(Suspicions.ManyRequests, "over 1,000 requests an hour");
        Add(Suspicions.NewPlace, "a new address");
        Add(Suspicions.FailedSignIns, "over 10 failed sign-ins");
        return string.Join(", ", words);
    }

    private async Task LiftAsync(string id)
    {
        try
        {
            await Desk.LiftAsync(id, reason: null, CancellationToken.None);
            (_suspects, _problem) = (Desk.List(), null);
        }
        catch (Exception e) when (!ProblemDescription.Of(e).IsDefect)
        {
            _problem = ProblemDescription.Of(e);
        }
    }
}
