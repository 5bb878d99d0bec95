using ControlPlane.Api.Manifests;
using ControlPlane.Kubernetes.Manifests;

namespace ControlPlane.Web.Manifests;

/// <summary>The texts that somebody handed in, for reading them and for showing the lines that something is wrong with.</summary>
/// <param name="Files">The texts with their names.</param>
public sealed record ManifestTexts(IReadOnlyList<ManifestFile> Files)
{
    /// <summary>Every object in them, in order.</summary>
    /// <exception cref="ManifestException">A text is no manifest.</exception>
    public IReadOnlyList<ManifestDocument> Documents() => [.. Files.SelectMany(file => ManifestReader.Read(file.Content, file.File))];

    /// <summary>A line of a text; null when there is none of that number.</summary>
    public string? LineAt(string file, int line) => line < 1
        ? null
        : Files.FirstOrDefault(text => text.File == file)?.Content.Split('\n').ElementAtOrDefault(line - 1)?.TrimEnd('\r');
}
