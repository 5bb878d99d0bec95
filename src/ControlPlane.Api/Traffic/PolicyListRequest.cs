using ControlPlane.Api.Problems;

namespace ControlPlane.Api.Traffic;

/// <summary>What a list of policies is asked for, in words as people type them into an address.</summary>
public sealed record PolicyListRequest
{
    /// <summary>Text that a policy contains.</summary>
    public string? Text { get; init; }

    /// <summary>Kinds.</summary>
    public string[]? Kinds { get; init; }

    /// <summary>Namespaces.</summary>
    public string[]? Namespaces { get; init; }

    /// <summary>States.</summary>
    public string[]? States { get; init; }

    /// <summary>Order: namespace, name, kind, state, targets or created; with a minus in front the other way round.</summary>
    public string? Sort { get; init; }

    /// <summary>The request as a filter.</summary>
    /// <exception cref="RequestException">A parameter has a value that is none of those it may have.</exception>
    public PolicyFilter ToFilter() => new()
    {
        Text = Text,
        Kinds = Kinds ?? [],
        Namespaces = Namespaces ?? [],
        States = [.. (States ?? []).Select(static state => EnumParameter.Parse<PolicyState>("state", state))],
        Sort = Sort is null ? PolicySort.Namespace : EnumParameter.Parse<PolicySort>("sort", Sort.TrimStart('-')),
        Descending = Sort?.StartsWith('-') == true,
    };
}
