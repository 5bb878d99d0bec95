using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using LocalCluster.Admission;
using LocalCluster.Admission.Policies;
using LocalCluster.Errors;
using LocalCluster.Registry;
using LocalCluster.Resources;
using LocalCluster.Schemas;
using LocalCluster.Storage;
using LocalCluster.Tests.Schemas;

namespace LocalCluster.Tests.Admission.Policies;

/// <summary>What is stored when a request is admitted: policies and whatever they look at.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    private readonly ObjectStore _store = new(new VolatileJournal());
    private readonly RegistryServices _services;

    public TestCluster()
    {
        Catalogs = new CatalogSource(_store);
        _services = new RegistryServices(
            _store,
            new StrategyCatalog(FrozenDictionary<string, ObjectStrategy>.Empty),
            [new MutatingPolicies(Catalogs), new ValidatingPolicies(Catalogs)],
            TimeProvider.System);
        Add("""
            apiVersion: v1
            kind: Namespace
            metadata: {name: shop, labels: {env: test}, creationTimestamp: "2026-01-02T03:04:05Z"}
            """);
    }

    public CatalogSource Catalogs { get; }

    /// <summary>All that is stored.</summary>
    public StoreSnapshot Snapshot { get; private set; } = new(1, ImmutableDictionary<string, TableSnapshot>.Empty);

    /// <summary>What the last request was warned of.</summary>
    public List<string> Warnings { get; } = [];

    /// <summary>Stores an object, completed as the API would.</summary>
    public void Add(string yaml)
    {
        var obj = Read(yaml);
        obj.Uid = obj.Name;
        obj.Generation = 1;
        obj.ResourceVersion = "1";
        var table = ResourceOf(obj).StorageName;
        var stored = StoredObject.Read(JsonSerializer.SerializeToUtf8Bytes(obj.Json));
        Snapshot = Snapshot with { Tables = Snapshot.Tables.SetItem(table, Snapshot.Table(table).Load([stored])) };
    }

    /// <summary>Stores a ValidatingAdmissionPolicy for Deployments and its binding.</summary>
    /// <param name="spec">More of the policy's spec, as YAML.</param>
    /// <param name="binding">More of the binding's spec, as YAML.</param>
    /// <param name="name">Name of both.</param>
    public void AddValidating(string spec, string binding = "validationActions: [Deny]", string name = "rule") => AddPolicy("Validating", spec, binding, name);

    /// <summary>Stores a MutatingAdmissionPolicy for Deployments and its binding.</summary>
    /// <param name="spec">More of the policy's spec, as YAML.</param>
    /// <param name="binding">More of the binding's spec, as YAML.</param>
    /// <param name="name">Name of both.</param>
    public void AddMutating(string spec, string binding = "", string name = "rule") => AddPolicy("Mutating", spec, binding, name);

    /// <summary>Admits an object.</summary>
    /// <param name="yaml">The object.</param>
    /// <param name="old">The object that it replaces; null for a new one.</param>
    /// <param name="subresource">Part that is written.</param>
    /// <returns>The object as it would be stored.</returns>
    /// <exception cref="StatusException">A policy refuses it.</exception>
    public JsonObject Admit(string yaml, string? old = null, string subresource = "")
    {
        var obj = Read(yaml);
        var request = Request(old is null ? AdmissionOperation.Create : AdmissionOperation.Update, obj, old is null ? null : Read(old), subresource);
        _services.Mutate(request);
        Validate(request);
        return request.Object.Json;
    }

    /// <summary>Admits the deletion of an object.</summary>
    public void AdmitDeletion(string yaml)
    {
        var obj = Read(yaml);
        Validate(Request(AdmissionOperation.Delete, obj, obj, ""));
    }

    /// <summary>The request for a new object.</summary>
    public AdmissionRequest Creation(string yaml) => Request(AdmissionOperation.Create, Read(yaml), null, "");

    /// <summary>What refuses an object.</summary>
    public StatusException Refusal(string yaml, string? old = null) => Assert.Throws<StatusException>(() => Admit(yaml, old));

    /// <summary>A Deployment.</summary>
    public static string Deployment(int replicas = 1, string metadata = "", string containers = "[{name: web, image: \"web:1\"}]") => $$"""
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: shop{{metadata}} }
        spec:
          replicas: {{replicas}}
          selector: {matchLabels: {app: web} }
          template:
            metadata: {labels: {app: web} }
            spec: {containers: {{containers}} }
        """;

    public async ValueTask DisposeAsync() => await _store.DisposeAsync();

    private void AddPolicy(string kind, string spec, string binding, string name)
    {
        Add($$"""
            apiVersion: admissionregistration.k8s.io/v1
            kind: {{kind}}AdmissionPolicy
            metadata: {name: {{name}} }
            spec:
              {{Indented(spec.Contains("matchConstraints", StringComparison.Ordinal) ? "" : Deployments)}}
              {{Indented(spec)}}
            """);
        Add($$"""
            apiVersion: admissionregistration.k8s.io/v1
            kind: {{kind}}AdmissionPolicyBinding
            metadata: {name: {{name}}-binding}
            spec:
              policyName: {{name}}
              {{Indented(binding)}}
            """);
    }

    private const string Deployments = """
        matchConstraints:
          resourceRules: [{apiGroups: [apps], apiVersions: [v1], operations: ["*"], resources: [deployments, deployments/scale]}]
        """;

    private static string Indented(string yaml) => yaml.ReplaceLineEndings("\n  ");

    private void Validate(AdmissionRequest request)
    {
        foreach (var plugin in _services.Admission)
        {
            plugin.Validate(request);
        }
    }

    private AdmissionRequest Request(AdmissionOperation operation, KubeObject obj, KubeObject? old, string subresource)
    {
        Warnings.Clear();
        var resource = ResourceOf(obj);
        resource.Conversion.ToStored(obj);
        if (old is not null && operation != AdmissionOperation.Delete)
        {
            resource.Conversion.ToStored(old);
        }

        var context = new RegistryContext(Snapshot, DateTimeOffset.UnixEpoch, new RegistryRequest(new RequestUser("meera", ["staff"]), DryRun: false, Warnings.Add));
        return new AdmissionRequest(operation, resource, subresource, obj, old, context);
    }

    private KubeObject Read(string yaml)
    {
        // As it comes over the wire: numbers have no .NET type yet.
        var obj = new KubeObject(JsonNode.Parse(Yaml.Object(yaml).ToJsonString())!.AsObject());
        Defaulting.Apply(obj.Json, ResourceOf(obj).Schema.Value);
        return obj;
    }

    private ApiResource ResourceOf(KubeObject obj) => Catalogs.Current.FindKind(obj.ApiVersion, obj.Kind)!;
}
