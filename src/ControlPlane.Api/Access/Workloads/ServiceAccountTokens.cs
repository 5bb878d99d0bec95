using System.Text.Json;
using System.Text.Json.Nodes;
using ControlPlane.Api.Access.Suspicion;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Resources;
using Microsoft.IdentityModel.JsonWebTokens;

namespace ControlPlane.Api.Access.Workloads;

/// <summary>
/// Accepts tokens of Kubernetes ServiceAccounts that were made for us (audience <c>dabbawala</c>): the cluster is asked by TokenReview. A
/// ServiceAccount has the roles that the configuration gives it, and none by default.
/// </summary>
internal sealed class ServiceAccountTokens(KubeApi api, AccessOptions options, TimeProvider time)
{
    /// <summary>The audience that a token must have been made for.</summary>
    public const string Audience = "dabbawala";

    private const string UserPrefix = "system:serviceaccount:";
    private const int Remembered = 10_000;

    /// <summary>For how long the cluster's answer is believed: a pod that is gone loses its access within it.</summary>
    private static readonly TimeSpan Trust = TimeSpan.FromSeconds(30);

    private static readonly WriteOptions Write = new() { FieldManager = FleetApi.ConsoleFieldManager };

    private readonly BoundedTable<string, Answer> _answers = new(Remembered);
    private readonly JsonWebTokenHandler _handler = new() { MaximumTokenSizeInBytes = 16 * 1024 };

    /// <summary>The caller with a token, or why there is none.</summary>
    public async ValueTask<(Caller? Caller, string? Refusal)> FindAsync(string token, CancellationToken cancellationToken)
    {
        if (!IsServiceAccounts(token))
        {
            return (null, "token_unknown"); // the cluster is not asked about just anything
        }

        var (hash, now) = (Secret.Hash(token), time.GetUtcNow());
        if (!_answers.TryGet(hash, out var answer) || now - answer.At > Trust)
        {
            var user = await ReviewAsync(token, cancellationToken);
            answer = _answers.Update(hash, _ => new(user, now));
        }

        return answer.User?[UserPrefix.Length..].Split(':') is not [var ns, var name] ? (null, "token_unknown")
            : options.ServiceAccounts.GetValueOrDefault($"{ns}/{name}") is not { Count: > 0 } grants ? (null, "workload_without_role")
            : (new Caller { Kind = CallerKind.ServiceAccount, Id = answer.User, DisplayName = $"{ns}/{name}", Grants = grants, Via = "rest" }, null);
    }

    private bool IsServiceAccounts(string token)
    {
        try
        {
            return _handler.CanReadToken(token) && _handler.ReadJsonWebToken(token).Subject.StartsWith(UserPrefix, StringComparison.Ordinal);
        }
        catch (Exception e) when (e is ArgumentException or Microsoft.IdentityModel.Tokens.SecurityTokenException)
        {
            return false;
        }
    }

    /// <summary>Name of the ServiceAccount's user; null when the cluster does not vouch for the token, or not for this audience.</summary>
    private async Task<string?> ReviewAsync(string token, CancellationToken cancellationToken)
    {
        var review = new JsonObject
        {
            ["apiVersion"] = "authentication.k8s.io/v1",
            ["kind"] = "TokenReview",
            ["spec"] = new JsonObject { ["token"] = token, ["audiences"] = new JsonArray(Audience) },
        };
        var answer = JsonNode.Parse(await api.CreateAsync(KnownResources.TokenReviews, "", JsonSerializer.SerializeToUtf8Bytes(review, KubeJson.Options), Write, cancellationToken))?["status"];
        return (bool?)answer?["authenticated"] == true
            && answer["audiences"] is JsonArray audiences && audiences.Any(audience => (string?)audience == Audience)
            && (string?)answer["user"]?["username"] is { } user && user.StartsWith(UserPrefix, StringComparison.Ordinal)
            ? user
            : null;
    }

    private sealed record Answer(string? User, DateTimeOffset At);
}
