namespace ControlPlane.Api.Fleet;

/// <summary>By what a list of services is sorted.</summary>
public enum FleetSort
{
    /// <summary>Namespace, then name.</summary>
    Namespace,

    /// <summary>The name people read.</summary>
    Name,

    /// <summary>Worst first.</summary>
    Health,

    /// <summary>Owning team.</summary>
    Team,

    /// <summary>Most critical first.</summary>
    Tier,

    /// <summary>Version.</summary>
    Version,

    /// <summary>Instances that serve.</summary>
    Instances,

    /// <summary>Foreign changes that were put back.</summary>
    Repairs,

    /// <summary>Newest last.</summary>
    Created,
}

/// <summary>Which services a list shows, and in which order. Empty means all.</summary>
public sealed record FleetFilter
{
    /// <summary>Text that name, display name, team or bounded context contain; several words must all be found. Case does not matter.</summary>
    public string? Text { get; init; }

    /// <summary>Namespaces.</summary>
    public IReadOnlyCollection<string> Namespaces { get; init; } = [];

    /// <summary>Teams.</summary>
    public IReadOnlyCollection<string> Teams { get; init; } = [];

    /// <summary>Tiers.</summary>
    public IReadOnlyCollection<Kubernetes.Resources.ServiceTier> Tiers { get; init; } = [];

    /// <summary>Healths.</summary>
    public IReadOnlyCollection<ServiceHealth> Healths { get; init; } = [];

    /// <summary>Only services whose owned fields somebody else changed.</summary>
    public bool Drifted { get; init; }

    /// <summary>Order.</summary>
    public FleetSort Sort { get; init; } = FleetSort.Namespace;

    /// <summary>The other way round.</summary>
    public bool Descending { get; init; }

    internal bool Matches(ServiceSummary service) =>
        (Namespaces.Count == 0 || Namespaces.Contains(service.Namespace))
        && (Teams.Count == 0 || Teams.Contains(service.Team))
        && (Tiers.Count == 0 || Tiers.Contains(service.Tier))
        && (Healths.Count == 0 || Healths.Contains(service.Health))
        && (!Drifted || service.Repairs > 0)
        && MatchesText(service);

    private bool MatchesText(ServiceSummary service)
    {
        if (string.IsNullOrWhiteSpace(Text))
        {
            return true;
        }

        foreach (var word in Text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!Has(service.Name, word) && !Has(service.DisplayName, word) && !Has(service.Team, word)
                && !Has(service.Namespace, word) && !Has(service.BoundedContext, word))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Has(string? text, string word) => text?.Contains(word, StringComparison.OrdinalIgnoreCase) == true;
}
