namespace ControlPlane.Api.Access;

/// <summary>Who asks for something.</summary>
public sealed record Caller
{
    /// <summary>Somebody who did not sign in.</summary>
    public static Caller Nobody { get; } = new() { Kind = CallerKind.Anonymous, Id = "anonymous", DisplayName = "not signed in", Via = "none" };

    /// <summary>The control plane itself: jobs and operators, never a request.</summary>
    public static Caller System { get; } = new() { Kind = CallerKind.System, Id = "dabbawala", DisplayName = "Dabbawala", Grants = [new(Role.Admin)], Via = "system" };

    /// <summary>What sort of caller.</summary>
    public required CallerKind Kind { get; init; }

    /// <summary>Opaque and lasting id: it goes into the audit log, so it must not be a name or an address.</summary>
    public required string Id { get; init; }

    /// <summary>Opaque id of the person that a token belongs to; null for all else.</summary>
    public string? OwnerId { get; init; }

    /// <summary>
    /// Opaque id of the person behind: a person's own, the owner's of a token; null where there is none. Two callers with the same one are not two
    /// pairs of eyes.
    /// </summary>
    public string? PersonId => Kind == CallerKind.Person ? Id : OwnerId;

    /// <summary>Name for people to read.</summary>
    public required string DisplayName { get; init; }

    /// <summary>Roles held.</summary>
    public IReadOnlyList<RoleGrant> Grants { get; init; } = [];

    /// <summary>By which way: <c>console</c>, <c>rest</c>, <c>system</c>.</summary>
    public required string Via { get; init; }

    /// <summary>Network address; personal data, so never in a log line or an audit entry in clear.</summary>
    public string? Address { get; init; }

    /// <summary>Session that the caller signed in with; null for tokens.</summary>
    public string? SessionId { get; init; }

    /// <summary>Ties together all that this request causes: the trace id.</summary>
    public string? CorrelationId { get; init; }
}

/// <summary>Sorts of callers.</summary>
public enum CallerKind
{
    /// <summary>Not signed in.</summary>
    Anonymous,

    /// <summary>A person.</summary>
    Person,

    /// <summary>An API token.</summary>
    Token,

    /// <summary>A Kubernetes ServiceAccount.</summary>
    ServiceAccount,

    /// <summary>The control plane itself.</summary>
    System,
}

/// <summary>Tells the use cases who asks. It follows the flow of a request or of a console's circuit, across awaits.</summary>
public sealed class CallerContext
{
    private readonly AsyncLocal<Func<Caller>?> _current = new();

    /// <summary>Who asks; <see cref="Caller.Nobody"/> where nobody said.</summary>
    public Caller Current => _current.Value?.Invoke() ?? Caller.Nobody;

    /// <summary>Makes somebody the caller of all that follows in this flow.</summary>
    public void Become(Caller caller) => _current.Value = () => caller;

    /// <summary>
    /// Makes whoever it is at the time the caller of all that follows in this flow: a page that is open for hours must lose at once what its
    /// caller loses.
    /// </summary>
    public void Become(Func<Caller> caller) => _current.Value = caller;
}
