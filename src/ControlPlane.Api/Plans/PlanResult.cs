using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using ControlPlane.Api.Manifests;
using ControlPlane.Kubernetes.Resources.Traffic;

namespace ControlPlane.Api.Plans;

/// <summary>What would become of an object.</summary>
public enum PlannedAction
{
    /// <summary>Nothing.</summary>
    Unchanged,

    /// <summary>It would be created.</summary>
    Create,

    /// <summary>It would be changed.</summary>
    Update,

    /// <summary>It would be deleted.</summary>
    Delete,

    /// <summary>It would be refused.</summary>
    Refuse,
}

/// <summary>What applying some manifests would do. Nothing was written to find out.</summary>
/// <param name="Manifests">One entry for each object in the manifests, in their order.</param>
/// <param name="Objects">Every object that operators would change because of them, those of other services included.</param>
public sealed record PlanResult(IReadOnlyList<PlannedManifest> Manifests, IReadOnlyList<PlannedObject> Objects)
{
    /// <summary>Services that it would touch too, and whose objects were not looked at because there are so many.</summary>
    public int Omitted { get; init; }

    /// <summary>True when no manifest would be refused.</summary>
    public bool Accepted => Manifests.All(manifest => manifest.Action != PlannedAction.Refuse);
}

/// <summary>What would become of one object of the manifests.</summary>
public sealed record PlannedManifest
{
    /// <summary>File that it is in.</summary>
    public required string File { get; init; }

    /// <summary>Line where it begins.</summary>
    public required int Line { get; init; }

    /// <summary>API version.</summary>
    public required string ApiVersion { get; init; }

    /// <summary>Kind.</summary>
    public required string Kind { get; init; }

    /// <summary>Namespace; empty for objects of the whole cluster.</summary>
    public required string Namespace { get; init; }

    /// <summary>Name.</summary>
    public required string Name { get; init; }

    /// <summary>What would become of it.</summary>
    public required PlannedAction Action { get; init; }

    /// <summary>What is wrong with it.</summary>
    public IReadOnlyList<ManifestProblem> Problems { get; init; } = [];

    /// <summary>How it would differ from what is there.</summary>
    public ObjectDiff? Diff { get; init; }

    /// <summary>What is there now, whole; null when nothing is.</summary>
    [JsonIgnore]
    public JsonObject? Before { get; init; }

    /// <summary>What would be there, whole; null when it would be refused.</summary>
    [JsonIgnore]
    public JsonObject? After { get; init; }

    /// <summary>The status that the operator would give it, once the data plane has it: for traffic policies.</summary>
    public PolicyStatus? Forecast { get; init; }

    /// <summary>GitOps tool that keeps what is there, and would undo a change made elsewhere; null when none does.</summary>
    public string? KeptBy { get; init; }
}

/// <summary>Something wrong with a manifest.</summary>
/// <param name="Line">Line of the field at fault.</param>
/// <param name="Field">Path of the field; empty for the whole object.</param>
/// <param name="Message">What is wrong.</param>
public sealed record ManifestProblem(int Line, string Field, string Message);

/// <summary>What an operator would do to an object.</summary>
/// <param name="Service">The service (namespace/name) that it belongs to.</param>
/// <param name="ApiVersion">API version.</param>
/// <param name="Kind">Kind.</param>
/// <param name="Namespace">Namespace.</param>
/// <param name="Name">Name.</param>
/// <param name="Action">What would become of it.</param>
/// <param name="Diff">How it would differ from what is there.</param>
/// <param name="Problem">Why the API would refuse it; null when it would not.</param>
public sealed record PlannedObject(
    string Service, string ApiVersion, string Kind, string Namespace, string Name, PlannedAction Action, ObjectDiff? Diff, string? Problem = null);
