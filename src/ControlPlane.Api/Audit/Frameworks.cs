using ControlPlane.Api.Problems;

namespace ControlPlane.Api.Audit;

/// <summary>The frameworks that entries are tagged with, as people name them.</summary>
public static class Frameworks
{
    /// <summary>All of them, with what they are.</summary>
    public static IReadOnlyList<(string Name, string Of)> All { get; } =
    [
        ("RBI", "Reserve Bank of India"),
        ("GST", "Goods and Services Tax"),
        ("CERT-In", "Computer Emergency Response Team, Directions of 28-04-2022"),
        ("DPDP", "Digital Personal Data Protection Act 2023"),
        ("PCI-DSS", "Payment Card Industry Data Security Standard"),
    ];

    /// <summary>The framework as it is written in entries, whatever the case it was asked for in.</summary>
    /// <exception cref="RequestException">There is none of that name.</exception>
    public static string Named(string field, string word) =>
        All.Select(framework => framework.Name).FirstOrDefault(name => string.Equals(name, word, StringComparison.OrdinalIgnoreCase))
        ?? throw RequestException.BadParameter(field, $"'{word}' is none of {string.Join(", ", All.Select(framework => framework.Name))}");
}
