using ControlPlane.Api.Access;
using ControlPlane.Kubernetes.Resources;
using Microsoft.Extensions.Configuration;

namespace ControlPlane.Api.Commands;

/// <summary>Which changes take a reason, and which a second person. Configuration data: section <c>Commands</c>.</summary>
public sealed record CommandPolicy
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Commands";

    /// <summary>
    /// What holds where nothing is configured: a reason for what can stop orders or money, and for what can't be undone; a second person, who answers
    /// for compliance too, to end a legal hold or to erase personal data.
    /// </summary>
    public static CommandPolicy Default { get; } = new()
    {
        Rules =
        [
            new() { Actions = ["manifests.apply"], Tiers = ["Critical"], Reason = true },
            new() { Actions = ["services.handover", "policies.write", "circuits.force", "rollouts.promote-fully", "rollouts.abort", "rollouts.retry", "rollouts.override", "prunes.run", "holds.place"], Reason = true },
            new() { Actions = ["holds.release", "erasures.run"], Reason = true, Approval = new() { By = [Role.ComplianceOfficer, Role.Admin] } },
        ],
    };

    /// <summary>The rules; all that match a command hold together.</summary>
    public IReadOnlyList<CommandRule> Rules { get; init; } = [];

    /// <summary>Reads it from configuration; where that has no section, <see cref="Default"/> holds.</summary>
    /// <exception cref="InvalidOperationException">A rule makes no sense; the message names it.</exception>
    public static CommandPolicy Read(IConfiguration? configuration)
    {
        if (configuration?.GetSection(Section) is not { } section || !section.Exists())
        {
            return Default;
        }

        var policy = Bind(section);
        for (var i = 0; i < policy.Rules.Count; i++)
        {
            if (policy.Rules[i].Problem is { } problem)
            {
                throw new InvalidOperationException($"{Section}:{nameof(Rules)}:{i}:{problem}");
            }
        }

        return policy;
    }

    private static CommandPolicy Bind(IConfigurationSection section)
    {
        try
        {
            return section.Get<CommandPolicy>(static options => options.ErrorOnUnknownConfiguration = true)!;
        }
        catch (InvalidOperationException e)
        {
            throw new InvalidOperationException($"{Section}: {e.GetBaseException().Message}", e); // only the innermost names the key
        }
    }

    /// <summary>What a command takes: of all its subjects, the strictest.</summary>
    public CommandRequirements For(Command command)
    {
        ArgumentNullException.ThrowIfNull(command);
        var rules = Rules.Where(rule => command.Subjects.Any(subject => rule.Matches(command.Permission.Name, subject))).ToList();
        var approvals = rules.Select(rule => rule.Approval).OfType<ApprovalRule>().ToList();
        return new(
            Reason: approvals.Count > 0 || rules.Exists(rule => rule.Reason),
            Approval: approvals.Count == 0 ? null : approvals.Aggregate(static (one, other) => one.And(other)));
    }
}

/// <summary>What a command takes.</summary>
/// <param name="Reason">True when it takes a reason.</param>
/// <param name="Approval">Who must approve; null when nobody must.</param>
public sealed record CommandRequirements(bool Reason, ApprovalRule? Approval)
{
    /// <summary>It takes nothing.</summary>
    public static CommandRequirements None { get; } = new(Reason: false, Approval: null);

    /// <summary>Why the caller may not; null when the caller may.</summary>
    public string? Refusal { get; init; }
}

/// <summary>One rule. An empty list does not narrow.</summary>
public sealed record CommandRule
{
    /// <summary>Actions, as permission names; one that ends in <c>.*</c> means all that begin so.</summary>
    public IReadOnlyList<string> Actions { get; init; } = [];

    /// <summary>Tiers of services: <c>Critical</c>, <c>High</c>, <c>Standard</c>, <c>Low</c>.</summary>
    public IReadOnlyList<string> Tiers { get; init; } = [];

    /// <summary>Namespaces.</summary>
    public IReadOnlyList<string> Namespaces { get; init; } = [];

    /// <summary>True: a reason must be given.</summary>
    public bool Reason { get; init; }

    /// <summary>Who must approve; null for nobody. What must be approved takes a reason, too.</summary>
    public ApprovalRule? Approval { get; init; }

    /// <summary>What is wrong with the rule, beginning with the field; null when nothing is.</summary>
    internal string? Problem => (Actions, Approval) switch
    {
        _ when Actions.FirstOrDefault(action => !Permissions.All.Any(permission => Covers(action, permission.Name))) is { } unknown =>
            $"Actions: there is no action {unknown}",
        _ when Tiers.FirstOrDefault(tier => !Enum.TryParse<ServiceTier>(tier, ignoreCase: true, out _)) is { } unknown => $"Tiers: there is no tier {unknown}",
        (_, { ExpiresAfter: var time }) when time < ApprovalRule.Shortest || time > ApprovalRule.Longest =>
            $"Approval:ExpiresAfter: {time} is not from {ApprovalRule.Shortest} to {ApprovalRule.Longest}",
        _ => null,
    };

    internal bool Matches(string action, CommandSubject subject) =>
        (Actions.Count == 0 || Actions.Any(pattern => Covers(pattern, action)))
        && (Tiers.Count == 0 || Tiers.Contains(subject.Tier, StringComparer.OrdinalIgnoreCase))
        && (Namespaces.Count == 0 || Namespaces.Contains(subject.Namespace, StringComparer.Ordinal));

    private static bool Covers(string pattern, string action) => pattern.EndsWith(".*", StringComparison.Ordinal)
        ? action.StartsWith(pattern[..^1], StringComparison.Ordinal)
        : pattern == action;
}

/// <summary>How a change is approved.</summary>
public sealed record ApprovalRule
{
    internal static TimeSpan Shortest { get; } = TimeSpan.FromMinutes(1);

    internal static TimeSpan Longest { get; } = TimeSpan.FromDays(30);

    /// <summary>Roles of which an approver must hold one, beside the permission to approve; empty for any.</summary>
    public IReadOnlyList<Role> By { get; init; } = [];

    /// <summary>How long it waits before it expires, from 1 minute to 30 days.</summary>
    public TimeSpan ExpiresAfter { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Of each group the approver must hold a role.</summary>
    internal IReadOnlyList<IReadOnlyList<Role>> Groups { get => field ?? (By.Count == 0 ? [] : [By]); init; }

    /// <summary>Both rules at once: whoever approves must satisfy both, and in the shorter time.</summary>
    internal ApprovalRule And(ApprovalRule other) => new()
    {
        By = [.. By.Union(other.By)],
        Groups = [.. Groups, .. other.Groups],
        ExpiresAfter = ExpiresAfter < other.ExpiresAfter ? ExpiresAfter : other.ExpiresAfter,
    };
}
