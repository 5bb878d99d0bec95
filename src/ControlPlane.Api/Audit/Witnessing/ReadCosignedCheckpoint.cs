namespace ControlPlane.Api.Audit.Witnessing;

/// <summary>The newest checkpoint that a witness cosigned; null before the first.</summary>
public delegate Task<string?> ReadCosignedCheckpoint(CancellationToken cancellationToken);
