using Gateway.Backends;
using Gateway.Identity;
using Gateway.Policies;
using Gateway.Rollouts;
using Gateway.Routing;
using Microsoft.AspNetCore.Http;

namespace Gateway.Forwarding;

/// <summary>A request on its way to a backend.</summary>
internal sealed class ForwardedRequest
{
    public required HttpContext Context { get; init; }

    public required RouteMatch Match { get; init; }

    /// <summary>The backend that was drawn, with its edits.</summary>
    public required WeightedBackend Choice { get; init; }

    public required Backend Backend { get; init; }

    /// <summary>The policy that held when the request came.</summary>
    public required ServicePolicy Policy { get; init; }

    /// <summary>What the backend is told of who called.</summary>
    public required string ForwardedFor { get; init; }

    /// <summary>Who calls, verified; null where nobody asks.</summary>
    public Caller? Caller { get; init; }

    /// <summary>Keeps the answer, for when the circuit is open; null where it is not to be kept.</summary>
    public AnswerKeeper? Keeper { get; init; }

    /// <summary>Hash of what equal requests have in common; 0 where nothing is hashed.</summary>
    public ulong Hash { get; init; }

    /// <summary>The version that takes it.</summary>
    public TrackDraw Track { get; init; }

    /// <summary>A canary gets a copy of it.</summary>
    public bool IsMirrored { get; init; }

    /// <summary>Instances that it was sent to.</summary>
    public List<BackendEndpoint> Tried { get; } = [];

    public RouteRule Rule => Match.Rule;
}
