using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ControlPlane.Kubernetes.Resources;
using Gateway.Policies;
using Gateway.Reporting;

namespace Gateway.Limits.Shared;

/// <summary>
/// Counts together with the other gateways. What this gateway has let through it counts by itself too: for its report, and so that it goes on from there
/// when Redis is away.
/// </summary>
/// <param name="service">The Service that the limit guards.</param>
/// <param name="own">What this gateway counts itself.</param>
/// <param name="store">Where gateways count together; null when none is configured.</param>
/// <param name="shortfalls">Told while it counts alone.</param>
internal sealed class SharedCounters(ObjectKey service, LimitCounters own, SharedStore? store, Shortfalls shortfalls) : ILimitCounter
{
    private const string Field = "spec.counter";

    private readonly string _prefix = Prefix(service, own.Limit);

    public RateLimit Limit => own.Limit;

    public LimitCounters Own => own;

    public async ValueTask<WindowVerdict> TakeAsync(string caller, TimeSpan now, CancellationToken cancellationToken)
    {
        var (isHeard, answer) = store is null ? default : await store.AskAsync(database => SharedWindow.TakeAsync(database, KeyOf(caller), Limit), cancellationToken);
        shortfalls.Say(service, Field, isHeard ? null : store is null ? "each gateway counts by itself: no Redis is configured (Traffic:SharedCounters)" : "each gateway counts by itself: Redis does not answer");
        if (!isHeard)
        {
            return own.Take(caller, now);
        }

        own.Note(caller, now, answer.Verdict.IsWithin);
        return answer.Verdict with { SharedSlice = answer.Slice };
    }

    public async ValueTask GiveBackAsync(string caller, TimeSpan at, WindowVerdict verdict, CancellationToken cancellationToken)
    {
        own.GiveBack(caller, at);
        if (store is not null && verdict.SharedSlice is { } slice)
        {
            await store.AskAsync(
                async database =>
                {
                    await SharedWindow.GiveBackAsync(database, KeyOf(caller), slice);
                    return true;
                },
                cancellationToken);
        }
    }

    /// <summary>A limit that allows something else counts anew, as it does in the process.</summary>
    private static string Prefix(ObjectKey service, RateLimit limit) =>
        string.Create(CultureInfo.InvariantCulture, $"dabbawala:limit:{{{service}}}:{limit.Name}:{limit.Requests}:{limit.Burst}:{limit.Window.TotalSeconds}:{limit.By}:{limit.ByName}:");

    /// <summary>Addresses, headers and claims are personal data, and long: Redis gets a digest.</summary>
    private string KeyOf(string caller) => _prefix + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(caller)), 0, 16);
}
