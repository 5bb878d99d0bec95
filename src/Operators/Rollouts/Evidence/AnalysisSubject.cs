using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Rollouts;

namespace Operators.Rollouts.Evidence;

/// <summary>A canary that is looked at.</summary>
/// <param name="Rollout">Its rollout, with the evidence so far in its status.</param>
/// <param name="Revision">The revision that is on its way.</param>
/// <param name="Since">When (UTC) this canary first had requests. A revision that is tried once more is another canary.</param>
/// <param name="Members">The services that move.</param>
public sealed record AnalysisSubject(CanaryRollout Rollout, string Revision, DateTimeOffset Since, IReadOnlyList<SubjectMember> Members);

/// <summary>A service of a canary.</summary>
/// <param name="Service">Its declaration.</param>
/// <param name="Front">The Service in front of it, as <c>namespace/name</c>: what requests are counted under.</param>
public sealed record SubjectMember(ManagedService Service, string Front);
