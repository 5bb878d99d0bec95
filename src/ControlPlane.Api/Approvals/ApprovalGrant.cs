namespace ControlPlane.Api.Approvals;

/// <summary>Proof that a second person approved a command. Only the desk makes one.</summary>
public sealed class ApprovalGrant
{
    internal ApprovalGrant(Guid id, string approvedBy, string planDigest) => (Id, ApprovedBy, PlanDigest) = (id, approvedBy, planDigest);

    /// <summary>The request that was approved.</summary>
    public Guid Id { get; }

    /// <summary>Opaque id of who approved it.</summary>
    public string ApprovedBy { get; }

    /// <summary>Digest of the plan that was approved.</summary>
    internal string PlanDigest { get; }
}

/// <summary>A command did not run: it waits for a second person. Not a failure; REST answers it with 202 and the request's address.</summary>
/// <param name="approval">Id of the request.</param>
public sealed class ApprovalPendingException(Guid approval) : Exception("It waits for a second person's approval")
{
    /// <summary>Id of the request.</summary>
    public Guid Approval { get; } = approval;

    /// <summary>Where the request can be read.</summary>
    public string Location => $"/api/v1/approvals/{Approval}";
}
