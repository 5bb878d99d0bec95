using System.Text.Json.Nodes;
using ControlPlane.Api.Manifests;
using ControlPlane.Api.Plans;
using Operators.Onboarding;

namespace ControlPlane.Api.Onboarding;

/// <summary>What handing an adopted workload over to the operator would do. Nothing was written to find out.</summary>
public sealed record HandOverPreview
{
    /// <summary>Namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>Name of the service.</summary>
    public required string Name { get; init; }

    /// <summary>The workload, such as <c>Deployment shop/cart</c>.</summary>
    public required string Workload { get; init; }

    /// <summary>Why it can't be handed over, with the field at fault; empty when it can.</summary>
    public required IReadOnlyList<OnboardingFinding> Refusals { get; init; }

    /// <summary>True when it can be handed over.</summary>
    public bool IsPossible => Refusals.Count == 0;

    /// <summary>The new declaration; null when there can be none. There is one also when a GitOps tool keeps the service: to be committed there.</summary>
    public HandOverDeclaration? Declaration { get; init; }

    /// <summary>Every object that operators would change, with its difference.</summary>
    public IReadOnlyList<PlannedObject> Objects { get; init; } = [];

    /// <summary>What would change of the pod template, and so restart pods. A hand-over is refused unless this is empty.</summary>
    public IReadOnlyList<FieldDifference> TemplateChanges { get; init; } = [];
}

/// <summary>The declaration under which the operator would keep a workload.</summary>
/// <param name="Yaml">As YAML.</param>
/// <param name="Manifest">As JSON.</param>
/// <param name="Fingerprint">Tells it from any other: what is handed over later is what was looked at, or nothing.</param>
/// <param name="Diff">How it differs from the present one; null when the API server would refuse it.</param>
/// <param name="Derivations">Where each value comes from, and what stays in other hands.</param>
public sealed record HandOverDeclaration(string Yaml, JsonObject Manifest, string Fingerprint, ObjectDiff? Diff, IReadOnlyList<Derivation> Derivations);
