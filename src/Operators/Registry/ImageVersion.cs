using System.Text.RegularExpressions;

namespace Operators.Registry;

/// <summary>Reads the version out of an image reference.</summary>
public static partial class ImageVersion
{
    /// <summary>The tag; without one the first twelve digits of the digest; without either <c>latest</c>.</summary>
    public static string Of(string image)
    {
        ArgumentNullException.ThrowIfNull(image);
        var digestAt = image.IndexOf('@', StringComparison.Ordinal);
        var name = digestAt < 0 ? image : image[..digestAt];
        var tagAt = name.LastIndexOf(':');
        if (tagAt > name.LastIndexOf('/'))
        {
            return name[(tagAt + 1)..];
        }

        var digest = digestAt < 0 ? "" : image[(image.LastIndexOf(':') + 1)..];
        return digest.Length > 0 ? digest[..Math.Min(12, digest.Length)] : "latest";
    }

    /// <summary>The version as a label can hold it; null when it can't.</summary>
    internal static string? LabelValue(string? image) =>
        image is not null && Of(image) is var version && LabelPattern().IsMatch(version) ? version : null;

    [GeneratedRegex(@"^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LabelPattern();
}
