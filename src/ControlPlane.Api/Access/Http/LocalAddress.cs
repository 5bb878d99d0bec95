namespace ControlPlane.Api.Access.Http;

/// <summary>Addresses to go back to after sign-in: within this console, or nobody could trust a link to the sign-in page.</summary>
public static class LocalAddress
{
    /// <summary>The address if it is one of ours from the root, else the root.</summary>
    public static string Of(string? address) =>
        address is ['/', ..] and not ['/', '/' or '\\', ..] && !address.Any(char.IsControl) && !address.StartsWith("/sign-in", StringComparison.OrdinalIgnoreCase)
            ? address
            : "/";
}
