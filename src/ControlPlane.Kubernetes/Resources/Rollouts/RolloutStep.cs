namespace ControlPlane.Kubernetes.Resources.Rollouts;

/// <summary>One step; one of its settings is there.</summary>
public sealed record RolloutStep
{
    /// <summary>Per cent of the requests that go to the canary.</summary>
    public int? SetWeight { get; init; }

    /// <summary>Size of the canary from here on, as per cent of the stable version's; the canary never has fewer instances than its weight needs.</summary>
    public int? SetCanaryScale { get; init; }

    /// <summary>Requests that go to the canary whatever the weight, from here on.</summary>
    public RolloutMatch? SetMatch { get; init; }

    /// <summary>Per cent of the requests to the stable version of which the canary gets a copy, from here on; its answers are thrown away.</summary>
    public int? SetMirror { get; init; }

    /// <summary>Waits.</summary>
    public RolloutPause? Pause { get; init; }

    /// <summary>Waits until the evidence says pass.</summary>
    public RolloutCheck? Analysis { get; init; }
}

/// <summary>Requests of which each goes to the canary that has all the headers and all the cookies.</summary>
public sealed record RolloutMatch
{
    /// <summary>Headers.</summary>
    public IReadOnlyList<RolloutMatchValue> Headers { get; init; } = [];

    /// <summary>Cookies.</summary>
    public IReadOnlyList<RolloutMatchValue> Cookies { get; init; } = [];
}

/// <summary>A header or a cookie, and the value that it must have.</summary>
public sealed record RolloutMatchValue
{
    /// <summary>Its name.</summary>
    public string Name { get; init; } = "";

    /// <summary>Its value, exactly.</summary>
    public string Value { get; init; } = "";
}

/// <summary>A pause: for a time, or until a person approves.</summary>
public sealed record RolloutPause
{
    /// <summary>How long; null until approved.</summary>
    public string? Duration { get; init; }
}

/// <summary>A step that waits for evidence.</summary>
public sealed record RolloutCheck
{
    /// <summary>How long to wait for it at most.</summary>
    public string AtMost { get; init; } = "30m";
}
