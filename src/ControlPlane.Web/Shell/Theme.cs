namespace ControlPlane.Web.Shell;

/// <summary>Which colour scheme somebody wants. Kept in a cookie, so that the first byte of a page has it.</summary>
/// <param name="Name"><c>system</c>, <c>light</c> or <c>dark</c>.</param>
public sealed record Theme(string Name)
{
    /// <summary>Name of the cookie; page.js writes it.</summary>
    public const string Cookie = "dabbawala-theme";

    /// <summary>As the system has it.</summary>
    public static Theme System { get; } = new("system");

    /// <summary>All there are.</summary>
    public static IReadOnlyList<Theme> All { get; } = [System, new("light"), new("dark")];

    /// <summary>Value of <c>data-theme</c> on the document; null leaves it to the system.</summary>
    public string? Attribute => this == System ? null : Name;

    /// <summary>The theme of a cookie's value; the system's for anything unknown.</summary>
    public static Theme Of(string? cookie) => All.FirstOrDefault(theme => theme.Name == cookie) ?? System;
}
