using System.Globalization;
using ControlPlane.Kubernetes.Resources;
using k8s.Models;
using Operators.Onboarding.Existing;

namespace Operators.Onboarding.Calls;

/// <summary>What the network policies of a workload let its pods call.</summary>
internal sealed class EgressRules
{
    private const int Dns = 53;

    private readonly ServiceDirectory _directory;
    private readonly ExistingWorkload _workload;

    public EgressRules(ExistingObjects existing, ServiceDirectory directory, ExistingWorkload workload)
    {
        _directory = directory;
        _workload = workload;
        Policies = [.. existing.NetworkPolicies.Where(policy => Selects(policy, workload))];
    }

    /// <summary>The policies that select its pods.</summary>
    public IReadOnlyList<V1NetworkPolicy> Policies { get; }

    /// <summary>Those of them that restrict what it may call; where there is none it may call anybody.</summary>
    public IEnumerable<V1NetworkPolicy> Restricting => Policies.Where(IsEgress);

    /// <summary>Every rule, with its policy and place.</summary>
    public IEnumerable<(V1NetworkPolicy Policy, int Index, V1NetworkPolicyEgressRule Rule)> Rules =>
        Restricting.SelectMany(policy => (policy.Spec.Egress ?? []).Select((rule, i) => (policy, i, rule)));

    /// <summary>True when names can be resolved: some rule lets DNS out to more than pods of the own namespace, where it does not run.</summary>
    public bool AllowDns => !Restricting.Any() || Rules.Any(item =>
        AllowsPort(item.Rule, Dns, "UDP")
        && (IsAnywhere(item.Rule) || item.Rule.To.Any(peer => peer.NamespaceSelector is not null || peer.IpBlock is not null)));

    /// <summary>True when the policy speaks of what may be called.</summary>
    public static bool IsEgress(V1NetworkPolicy policy) =>
        policy.Spec?.PolicyTypes is { Count: > 0 } types ? types.Contains("Egress") : policy.Spec?.Egress is { Count: > 0 };

    /// <summary>True when the policy selects the workload's pods.</summary>
    public static bool Selects(V1NetworkPolicy policy, ExistingWorkload workload) =>
        policy.Metadata.NamespaceProperty == workload.Reference.Key.Namespace && (policy.Spec?.PodSelector ?? new V1LabelSelector()).Selects(workload.PodLabels);

    /// <summary>True when a rule goes to any address.</summary>
    public static bool IsAnywhere(V1NetworkPolicyEgressRule rule) =>
        rule.To is not { Count: > 0 } || rule.To.Any(peer => peer.IpBlock is { Cidr: "0.0.0.0/0" or "::/0", Except: not { Count: > 0 } });

    /// <summary>Whether a call may go out, as far as that can be told: names of the outside world are not resolved.</summary>
    public bool Allow(CallDestination destination)
    {
        var port = destination.Service is { } service ? _directory.PodPort(service, destination.Target.Port) : destination.Target.Port;
        return !Restricting.Any() || Rules.Any(item =>
            (port is not { } number || AllowsPort(item.Rule, number, "TCP"))
            && (IsAnywhere(item.Rule) || item.Rule.To.Any(peer => peer.IpBlock is not null || MayBe(peer, destination))));
    }

    private bool MayBe(V1NetworkPolicyPeer peer, CallDestination destination)
    {
        var own = _workload.Reference.Key.Namespace;
        if (destination.Service is { } service && _directory.PodsOf(service) is { } pods)
        {
            return _directory.Selects(peer, own, service.Namespace, pods);
        }

        // Nothing is known of its pods. Teams label them with the Service's name: a rule that has it as a value is taken for a rule about it.
        return destination.Front is { } front && _directory.Selects(
            peer,
            own,
            front.Namespace,
            (peer.PodSelector?.MatchLabels ?? new Dictionary<string, string>()).Where(label => label.Value == front.Name).ToDictionary());
    }

    private static bool AllowsPort(V1NetworkPolicyEgressRule rule, int port, string protocol) =>
        rule.Ports is not { Count: > 0 } || rule.Ports.Any(allowed => (allowed.Protocol ?? "TCP") == protocol && Covers(allowed, port));

    private static bool Covers(V1NetworkPolicyPort allowed, int port)
    {
        if (allowed.Port?.Value is not { Length: > 0 } text)
        {
            return true;
        }

        // A name stands for whatever port of the other side has it.
        return !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            || (first <= port && port <= (allowed.EndPort ?? first));
    }
}
