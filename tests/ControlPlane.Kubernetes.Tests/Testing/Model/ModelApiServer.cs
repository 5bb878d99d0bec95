using System.Collections.Specialized;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Web;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Metrics;
using k8s;

namespace ControlPlane.Kubernetes.Tests.Testing.Model;

/// <summary>
/// A small API server in memory: objects, versions, pages, watches with a history that can be forgotten, conflicts, patches and as much of
/// server-side apply as the applier's tests need. It has no sockets and no threads: whatever a call sets off has happened when it returns, so a
/// test that has made a step finds everything at rest.
/// </summary>
internal sealed class ModelApiServer
{
    private readonly List<ModelWatch> _watches = [];
    private readonly Dictionary<string, JsonArray> _pages = [];

    public ModelApiServer() => Store = new ModelStore(() => _watches.ToList().ForEach(watch => watch.Pump()));

    public ModelStore Store { get; }

    /// <summary>Requests that reached the server, as <c>METHOD path</c> without the query.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>Writes among <see cref="Requests"/>.</summary>
    public IEnumerable<string> Writes => Requests.Where(request => !request.StartsWith("GET ", StringComparison.Ordinal));

    /// <summary>Most objects on a page, whatever a list asks for.</summary>
    public int LargestPage { get; set; } = int.MaxValue;

    public KubeApi Connect(TimeProvider time, NetworkFaults? faults = null, RuntimeMetrics? metrics = null)
    {
        var configuration = new KubernetesClientConfiguration { Host = "http://model" };
        return new(new KubeConnection(configuration, metrics ?? TestMetrics.Create(), new ModelTransport(this, faults ?? new())) { Time = time });
    }

    /// <summary>Forgets history: watches from before now, and lists that are half read, expire.</summary>
    public void Compact()
    {
        Store.Compact();
        _pages.Clear();
    }

    /// <summary>Ends all watches as a server does that has been serving them long enough.</summary>
    public void CloseWatches() => EndWatches(error: null);

    /// <summary>Ends all watches as a network does that fails.</summary>
    public void BreakWatches() => EndWatches(new IOException("the connection was reset"));

    /// <summary>Tells every watch the present version and nothing else.</summary>
    public void Bookmark() => _watches.ToList().ForEach(watch => watch.Bookmark());

    public HttpResponseMessage Handle(HttpMethod method, Uri address, string? contentType, string body)
    {
        Requests.Add($"{method} {address.AbsolutePath}");
        var query = HttpUtility.ParseQueryString(address.Query);
        try
        {
            var path = ModelPath.Parse(address.AbsolutePath);
            return query["watch"] == "true" ? Watch(path, query["resourceVersion"]!)
                : path.Name is null && method == HttpMethod.Get ? Json(HttpStatusCode.OK, List(path, query["limit"], query["continue"]))
                : Json(method == HttpMethod.Post ? HttpStatusCode.Created : HttpStatusCode.OK, Serve(method, path, contentType, query, body));
        }
        catch (ModelRefusal refusal)
        {
            return Json((HttpStatusCode)refusal.Code, refusal.ToStatus());
        }
    }

    private JsonObject Serve(HttpMethod method, ModelPath path, string? contentType, NameValueCollection query, string body)
    {
        var manager = query["fieldManager"] ?? "unknown";
        var sent = body.Length > 0 ? JsonNode.Parse(body) : null;
        return (method.Method, contentType) switch
        {
            ("GET", _) => Store.Get(path),
            ("POST", _) => Store.Create(path, sent!.AsObject(), manager),
            ("PUT", _) => Store.Update(path, _ => sent!.AsObject(), manager),
            ("DELETE", _) => Store.Delete(path, (string?)sent?["preconditions"]?["uid"]),
            (_, "application/merge-patch+json") => Store.Update(path, present => Patches.Merge(present, sent!.AsObject()), manager),
            (_, "application/json-patch+json") => Store.Update(path, present => Patches.Apply(present, sent!.AsArray()), manager),
            (_, "application/apply-patch+yaml") => Store.Apply(path, sent!.AsObject(), manager, force: query["force"] == "true"),
            _ => throw new NotSupportedException($"{method} {contentType}"),
        };
    }

    private HttpResponseMessage Watch(ModelPath path, string version)
    {
        var watch = new ModelWatch(Store, path, long.Parse(version, null), ended => _watches.Remove(ended));
        _watches.Add(watch);
        watch.Pump();
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(watch.Stream) };
    }

    private void EndWatches(Exception? error) => _watches.ToList().ForEach(watch => watch.End(error));

    private JsonObject List(ModelPath path, string? limit, string? token)
    {
        JsonArray? rest;
        if (token is null)
        {
            rest = [.. Store.List(path).Select(item => item.DeepClone())];
        }
        else if (!_pages.Remove(token, out rest))
        {
            throw new ModelRefusal(410, "Expired", "The provided continue parameter is too old");
        }

        var version = token?.Split('-')[0] ?? $"{Store.Version}";
        var size = Math.Min(LargestPage, limit is null ? int.MaxValue : int.Parse(limit, null));
        var next = rest.Count > size ? $"{version}-{rest.Count}" : "";
        if (next.Length > 0)
        {
            _pages[next] = [.. rest.Skip(size).Select(item => item!.DeepClone())];
        }

        return new JsonObject
        {
            ["metadata"] = new JsonObject { ["resourceVersion"] = version, ["continue"] = next },
            ["items"] = new JsonArray([.. rest.Take(size).Select(item => item!.DeepClone())]),
        };
    }

    private static HttpResponseMessage Json(HttpStatusCode code, JsonNode body) =>
        new(code) { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };
}
