using System.Text.Json;
using System.Text.Json.Nodes;
using ControlPlane.Api.Manifests;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Manifests;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Traffic;

namespace ControlPlane.Api.Plans;

/// <summary>A manifest with the API server's verdict.</summary>
public sealed record JudgedManifest
{
    /// <summary>The manifest.</summary>
    public required ManifestDocument Document { get; init; }

    /// <summary>Where the API serves its kind; null when it does not.</summary>
    public ResourceType? Type { get; init; }

    /// <summary>What is wrong with it.</summary>
    public IReadOnlyList<ManifestProblem> Problems { get; init; } = [];

    /// <summary>What is there now; null when nothing is.</summary>
    public JsonObject? Before { get; init; }

    /// <summary>What would be there; null when it would be refused.</summary>
    public JsonObject? After { get; init; }

    /// <summary>What would be there, for a ManagedService.</summary>
    public ManagedService? Service { get; init; }

    /// <summary>What would be there, for a traffic policy.</summary>
    public IKubeObject? Policy { get; init; }

    /// <summary>The status that a traffic policy would get.</summary>
    public PolicyStatus? Forecast { get; init; }

    /// <summary>The verdict of a server that would store this.</summary>
    internal JudgedManifest With(byte[] after) => this with
    {
        After = JsonNode.Parse(after)!.AsObject(),
        Service = Type == ManagedService.ResourceType ? JsonSerializer.Deserialize<ManagedService>(after, KubeJson.Options) : null,
        Policy = Type is null ? null : PolicyForecast.Read(Type, after),
    };

    internal PlannedManifest ToPlanned()
    {
        var diff = After is null ? null : ObjectDiff.Of(Before, After);
        return new PlannedManifest
        {
            File = Document.File,
            Line = Document.Line,
            ApiVersion = Document.ApiVersion,
            Kind = Document.Kind,
            Namespace = Document.Key.Namespace,
            Name = Document.Key.Name,
            Action = Problems.Count > 0 ? PlannedAction.Refuse
                : Before is null ? PlannedAction.Create
                : diff!.Fields.Count > 0 ? PlannedAction.Update
                : PlannedAction.Unchanged,
            Problems = Problems,
            Diff = diff,
            Before = Before,
            After = After,
            KeptBy = Before is null ? null : GitOpsOwner.Of(Before),
            Forecast = Forecast,
        };
    }
}

/// <summary>Has the API server judge manifests by dry run: schema, CEL rules, defaults, and what is there already. Writes nothing.</summary>
public sealed class ManifestJudge(KubeApi api, ApiDiscovery discovery)
{
    private const string DefaultNamespace = "default";

    private static readonly WriteOptions DryRun =
        new() { FieldManager = FleetApi.ConsoleFieldManager, Force = true, DryRun = true, FieldValidation = "Strict" };

    /// <summary>Judges manifests, in order.</summary>
    public async Task<IReadOnlyList<JudgedManifest>> JudgeAsync(IReadOnlyList<ManifestDocument> manifests, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(manifests);
        var newNamespaces = manifests.Where(manifest => manifest is { Kind: "Namespace", ApiVersion: "v1" }).Select(manifest => manifest.Key.Name).ToHashSet(StringComparer.Ordinal);
        var judged = new List<JudgedManifest>(manifests.Count);
        foreach (var manifest in manifests)
        {
            judged.Add(await JudgeAsync(manifest, newNamespaces, cancellationToken));
        }

        return judged;
    }

    private async Task<JudgedManifest> JudgeAsync(ManifestDocument manifest, HashSet<string> newNamespaces, CancellationToken cancellationToken)
    {
        var verdict = new JudgedManifest { Document = manifest };
        if (Shape(manifest) is { } problem)
        {
            return verdict with { Problems = [problem] };
        }

        if (await discovery.FindAsync(manifest.ApiVersion, manifest.Kind, cancellationToken) is not { } type)
        {
            return verdict with { Problems = [manifest.ProblemAt("kind", $"the cluster does not serve {manifest.ApiVersion} {manifest.Kind}")] };
        }

        verdict = verdict with { Type = type };
        var key = KeyOf(manifest, type);
        try
        {
            var before = await FindAsync(type, key, cancellationToken);
            var after = await DryRunAsync(manifest, type, key, newNamespaces, cancellationToken);
            return verdict.With(after) with { Before = before };
        }
        catch (KubeApiException e) when (ApiVerdict.IsAboutManifest(e))
        {
            return verdict with { Problems = ApiVerdict.Problems(manifest, e) };
        }
    }

    /// <summary>
    /// Judges a ManagedService whose spec would replace the stored one whole, whoever owns its fields now. A dry run of an apply can't tell
    /// that: it leaves in place what others own.
    /// </summary>
    internal async Task<JudgedManifest> JudgeReplacementAsync(ManifestDocument manifest, JsonObject stored, CancellationToken cancellationToken)
    {
        var type = ManagedService.ResourceType;
        var verdict = new JudgedManifest { Document = manifest, Type = type, Before = stored };
        JsonArray patch = [new JsonObject { ["op"] = "replace", ["path"] = "/spec", ["value"] = manifest.Json["spec"]?.DeepClone() }];
        try
        {
            var options = DryRun with { Force = false };
            var after = await api.JsonPatchAsync(type, manifest.Key, JsonSerializer.SerializeToUtf8Bytes(patch, KubeJson.Options), options, cancellationToken);
            return verdict.With(after);
        }
        catch (KubeApiException e) when (ApiVerdict.IsAboutManifest(e))
        {
            return verdict with { Problems = ApiVerdict.Problems(manifest, e) };
        }
    }

    /// <summary>Judges an object that would be stored whole: a new one, or in the place of what is there, whoever owns its fields now.</summary>
    /// <param name="manifest">The object.</param>
    /// <param name="type">Its kind.</param>
    /// <param name="stored">What is there; null when nothing is.</param>
    /// <param name="cancellationToken">Ends it.</param>
    internal async Task<JudgedManifest> JudgeWholeAsync(ManifestDocument manifest, ResourceType type, JsonObject? stored, CancellationToken cancellationToken)
    {
        var verdict = new JudgedManifest { Document = manifest, Type = type, Before = stored };
        var options = DryRun with { Force = false };
        try
        {
            return verdict.With(stored is null
                ? await api.CreateAsync(type, manifest.Key.Namespace, Body(manifest, manifest.Key), options, cancellationToken)
                : await api.JsonPatchAsync(type, manifest.Key, Replacement(manifest.Json, stored), options, cancellationToken));
        }
        catch (KubeApiException e) when (ApiVerdict.IsAboutManifest(e))
        {
            return verdict with { Problems = ApiVerdict.Problems(manifest, e) };
        }
    }

    /// <summary>
    /// What is sent to store a spec in the place of another (JSON patch): refused when that is no longer the one that was read, so that no change of
    /// others is lost. By generation: an operator may write its status meanwhile.
    /// </summary>
    internal static byte[] Replacement(JsonObject manifest, JsonObject stored)
    {
        JsonArray patch =
        [
            new JsonObject { ["op"] = "test", ["path"] = "/metadata/uid", ["value"] = stored["metadata"]!["uid"]!.DeepClone() },
            new JsonObject { ["op"] = "test", ["path"] = "/metadata/generation", ["value"] = stored["metadata"]!["generation"]!.DeepClone() },
            new JsonObject { ["op"] = "replace", ["path"] = "/spec", ["value"] = manifest["spec"]!.DeepClone() },
        ];
        return JsonSerializer.SerializeToUtf8Bytes(patch, JsonSerializerOptions.Default);
    }

    private async Task<byte[]> DryRunAsync(
        ManifestDocument manifest, ResourceType type, ObjectKey key, HashSet<string> newNamespaces, CancellationToken cancellationToken)
    {
        try
        {
            return await api.ApplyAsync(type, key, Body(manifest, key), DryRun, cancellationToken);
        }
        catch (KubeApiException e) when (e.IsNotFound && newNamespaces.Contains(key.Namespace))
        {
            // The namespace comes with the same manifests. Let the schema be judged in one that exists, and read the answer as if for the new one.
            var stand = key with { Namespace = DefaultNamespace };
            var stored = JsonNode.Parse(await api.ApplyAsync(type, stand, Body(manifest, stand), DryRun, cancellationToken))!;
            stored["metadata"]!["namespace"] = key.Namespace;
            return JsonSerializer.SerializeToUtf8Bytes(stored, KubeJson.Options);
        }
    }

    private async Task<JsonObject?> FindAsync(ResourceType type, ObjectKey key, CancellationToken cancellationToken)
    {
        try
        {
            return JsonNode.Parse(await api.GetBytesAsync(type, key, cancellationToken))!.AsObject();
        }
        catch (KubeApiException e) when (e.IsNotFound)
        {
            return null;
        }
    }

    /// <summary>Where the object goes: an object of a namespace that does not say which goes to the default one, as with kubectl.</summary>
    internal static ObjectKey KeyOf(ManifestDocument manifest, ResourceType type) => type.Namespaced
        ? manifest.Key with { Namespace = manifest.Key.Namespace.Length > 0 ? manifest.Key.Namespace : DefaultNamespace }
        : manifest.Key with { Namespace = "" };

    /// <summary>What is sent: the manifest as it is, in its namespace.</summary>
    internal static JsonObject InPlace(ManifestDocument manifest, ObjectKey key)
    {
        var json = manifest.Json.DeepClone().AsObject();
        if (key.Namespace.Length > 0)
        {
            json["metadata"]!["namespace"] = key.Namespace;
        }

        return json;
    }

    private static byte[] Body(ManifestDocument manifest, ObjectKey key) => JsonSerializer.SerializeToUtf8Bytes(InPlace(manifest, key), JsonSerializerOptions.Default);

    private static ManifestProblem? Shape(ManifestDocument manifest) => manifest switch
    {
        { ApiVersion.Length: 0 } => manifest.ProblemAt("apiVersion", "is missing"),
        { Kind.Length: 0 } => manifest.ProblemAt("kind", "is missing"),
        { Key.Name.Length: 0 } => manifest.ProblemAt("metadata.name", "is missing"),
        _ => null,
    };
}
