namespace ControlPlane.Kubernetes.Applying;

/// <summary>What we note on an object when we write it, to know next time whether the declaration has changed since, and how.</summary>
/// <param name="Fingerprint">Of the declared fields and their values.</param>
/// <param name="Shape">Of the declared fields alone.</param>
internal sealed record AppliedMark(string Fingerprint, string Shape)
{
    private const char Separator = '-';

    /// <summary>Reads a note; null when there is none, or it is not ours.</summary>
    public static AppliedMark? Parse(string? text) =>
        text?.Split(Separator) is [var fingerprint, var shape] ? new AppliedMark(fingerprint, shape) : null;

    /// <inheritdoc/>
    public override string ToString() => $"{Fingerprint}{Separator}{Shape}";
}
