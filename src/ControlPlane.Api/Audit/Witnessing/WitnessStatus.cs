namespace ControlPlane.Api.Audit.Witnessing;

/// <summary>How far the log is witnessed; what that protects against, <see cref="Health.Protections"/> says.</summary>
/// <param name="Witnesses">The configured witnesses.</param>
/// <param name="LogSize">Entries of the newest checkpoint.</param>
public sealed record WitnessStatus(IReadOnlyList<WitnessState> Witnesses, long LogSize)
{
    /// <summary>Entries that at least one witness vouches for.</summary>
    public long WitnessedSize => Witnesses.Select(static witness => witness.Size).DefaultIfEmpty().Max();
}

/// <summary>A witness as we last heard of it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Size">Entries of the checkpoint that it cosigned last; 0 when none.</param>
/// <param name="CosignedAt">When, by its clock (UTC); null when never.</param>
/// <param name="Failure">Why it did not cosign the newest one; null when it did. A rewritten log shows here, and raises an alarm.</param>
public sealed record WitnessState(string Name, long Size, DateTimeOffset? CosignedAt, string? Failure);
