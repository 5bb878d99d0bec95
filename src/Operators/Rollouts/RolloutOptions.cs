using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Operators.Rollouts;

/// <summary>What the configuration says of rollouts: section <c>Rollouts</c>, see docs/rollouts.md.</summary>
public sealed record RolloutOptions
{
    /// <summary>Rollouts of a namespace whose canaries may have requests at the same time (<c>Rollouts:MostPerNamespace</c>); from 1.</summary>
    public int MostPerNamespace { get; init; } = 20;

    /// <summary>Rollouts of the fleet whose canaries may have requests at the same time (<c>Rollouts:MostInFleet</c>); from 1.</summary>
    public int MostInFleet { get; init; } = 1000;

    /// <summary>Times in which no rollout gets on (<c>Rollouts:Freezes</c>).</summary>
    public IReadOnlyList<ChangeFreeze> Freezes { get; init; } = [];

    /// <summary>Reads the section.</summary>
    /// <exception cref="FormatException">A setting has a value that it can't have; the message names it and says what it may be.</exception>
    public static RolloutOptions Read(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var section = configuration.GetSection("Rollouts");
        var none = new RolloutOptions();
        return new()
        {
            MostPerNamespace = Count(section, nameof(MostPerNamespace), none.MostPerNamespace),
            MostInFleet = Count(section, nameof(MostInFleet), none.MostInFleet),
            Freezes = [.. section.GetSection(nameof(Freezes)).GetChildren().Select(Freeze)],
        };
    }

    private static int Count(IConfigurationSection section, string name, int otherwise) => section[name] is not { Length: > 0 } text ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0 ? count
        : throw new FormatException($"{section.Path}:{name} is '{text}', and must be a whole number from 1");

    private static ChangeFreeze Freeze(IConfigurationSection section)
    {
        var freeze = new ChangeFreeze(
            Time(section, nameof(ChangeFreeze.From)),
            Time(section, nameof(ChangeFreeze.To)),
            section[nameof(ChangeFreeze.Reason)] is { Length: > 0 } reason ? reason : throw new FormatException($"{section.Path}:{nameof(ChangeFreeze.Reason)} is missing: say why nothing may change"),
            [.. section.GetSection(nameof(ChangeFreeze.Namespaces)).GetChildren().Select(static item => item.Value ?? "")]);
        return freeze.From < freeze.To ? freeze : throw new FormatException($"{section.Path}:{nameof(ChangeFreeze.To)} must be after {nameof(ChangeFreeze.From)}");
    }

    private static DateTimeOffset Time(IConfigurationSection section, string name) =>
        DateTimeOffset.TryParse(section[name], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time
        : throw new FormatException($"{section.Path}:{name} is '{section[name]}', and must be a time such as 2026-11-08T00:00:00+05:30");
}

/// <summary>A time in which no rollout gets on.</summary>
/// <param name="From">Its beginning.</param>
/// <param name="To">Its end.</param>
/// <param name="Reason">Why, for people.</param>
/// <param name="Namespaces">Where; empty for the whole fleet.</param>
public sealed record ChangeFreeze(DateTimeOffset From, DateTimeOffset To, string Reason, IReadOnlyList<string> Namespaces);
