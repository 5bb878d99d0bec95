using System.Text.Json;
using ControlPlane.Kubernetes.Manifests;
using ControlPlane.Kubernetes.Resources;
using Gateway.Planning;
using Gateway.Resources;

namespace Gateway.Tests.Testing;

/// <summary>A cluster that is what a text declares. Objects are older the earlier they come.</summary>
internal sealed class DeclaredCluster : IClusterView
{
    private static readonly DateTimeOffset Start = new(2026, 11, 23, 10, 0, 0, TimeSpan.Zero);

    private readonly Dictionary<ObjectKey, Service> _services = [];
    private readonly Dictionary<ObjectKey, NamespaceLabels> _namespaces = [];
    private readonly Dictionary<ObjectKey, TlsSecret> _secrets = [];
    private readonly List<ReferenceGrant> _grants = [];
    private readonly List<GatewayClass> _classes = [];
    private readonly List<GatewayResource> _gateways = [];
    private readonly Dictionary<ObjectKey, HttpRoute> _routes = [];

    public DeclaredCluster(string yaml)
    {
        foreach (var (index, document) in ManifestReader.Read(yaml, "input.yaml").Index())
        {
            document.Json["metadata"]!["creationTimestamp"] = Start.AddSeconds(index).ToString("O");
            Add(document);
        }
    }

    public IReadOnlyCollection<GatewayClass> Classes => _classes;

    public IReadOnlyCollection<GatewayResource> Gateways => _gateways;

    public IReadOnlyCollection<HttpRoute> Routes => _routes.Values;

    public HttpRoute? FindRoute(ObjectKey key) => _routes.GetValueOrDefault(key);

    public Service? FindService(ObjectKey key) => _services.GetValueOrDefault(key);

    public NamespaceLabels? FindNamespace(string name) => _namespaces.GetValueOrDefault(new("", name));

    public TlsSecret? FindSecret(ObjectKey key) => _secrets.GetValueOrDefault(key);

    public IReadOnlyCollection<ReferenceGrant> GrantsOf(string ns) => _grants.FindAll(grant => grant.Metadata.Namespace == ns);

    public void Put(HttpRoute route) => _routes[route.Metadata.Key] = route;

    public void Put(Service service) => _services[service.Metadata.Key] = service;

    public void RemoveRoute(ObjectKey key) => _routes.Remove(key);

    public void RemoveService(ObjectKey key) => _services.Remove(key);

    private void Add(ManifestDocument document)
    {
        T Read<T>() => document.Json.Deserialize<T>(KubeJson.Options)!;
        switch (document.Kind)
        {
            case "Namespace":
                _namespaces[document.Key] = Read<NamespaceLabels>();
                break;
            case "Service":
                _services[document.Key] = Read<Service>();
                break;
            case "Secret":
                _secrets[document.Key] = Read<TlsSecret>();
                break;
            case "ReferenceGrant":
                _grants.Add(Read<ReferenceGrant>());
                break;
            case "GatewayClass":
                _classes.Add(Read<GatewayClass>());
                break;
            case "Gateway":
                _gateways.Add(Read<GatewayResource>());
                break;
            case "HTTPRoute":
                _routes[document.Key] = Read<HttpRoute>();
                break;
            default:
                throw new ArgumentException($"a cluster has no {document.Kind}", nameof(document));
        }
    }
}
