using System.Text.Json.Nodes;

namespace Conformance.Cluster;

/// <summary>The objects of one kind, in one namespace or in all.</summary>
internal sealed record Collection(ApiClient Api, string Path)
{
    public const string JsonPatch = "application/json-patch+json";
    public const string MergePatch = "application/merge-patch+json";
    public const string StrategicMergePatch = "application/strategic-merge-patch+json";
    public const string ApplyPatch = "application/apply-patch+yaml";

    public Task<Answer> ListAsync(string query = "", string accept = "application/json") => Api.GetAsync($"{Path}?{query}", accept);

    public Task<Answer> GetAsync(string name, string accept = "application/json") => Api.GetAsync($"{Path}/{name}", accept);

    public Task<Answer> CreateAsync(string body, string query = "", string contentType = "application/json") =>
        Api.SendAsync(HttpMethod.Post, $"{Path}?{query}", body, contentType);

    public Task<Answer> ReplaceAsync(string name, string body, string query = "") => Api.SendAsync(HttpMethod.Put, $"{Path}/{name}?{query}", body);

    public Task<Answer> ReplaceAsync(JsonObject changed) => ReplaceAsync(changed.Text("metadata.name")!, changed.ToJsonString());

    public Task<Answer> PatchAsync(string name, string patch, string type = MergePatch, string query = "") =>
        Api.SendAsync(HttpMethod.Patch, $"{Path}/{name}?{query}", patch, type);

    /// <summary>Server-side apply.</summary>
    public Task<Answer> ApplyAsync(string name, string manager, string configuration, string query = "") =>
        PatchAsync(name, configuration, ApplyPatch, $"fieldManager={manager}&{query}");

    public Task<Answer> DeleteAsync(string name, string? options = null, string query = "") =>
        Api.SendAsync(HttpMethod.Delete, $"{Path}/{name}?{query}", options);

    public Task<Answer> DeleteAllAsync(string query = "") => Api.SendAsync(HttpMethod.Delete, $"{Path}?{query}");

    public Task<Watch> WatchAsync(string query = "", string accept = "application/json") => Api.WatchAsync($"{Path}?watch=true&{query}", accept);

    /// <summary>Waits until an object is as expected.</summary>
    /// <returns>The object.</returns>
    public async Task<JsonObject> UntilAsync(string name, Func<JsonObject, bool> expected)
    {
        using var watch = await WatchAsync($"fieldSelector=metadata.name={name}");
        return (await watch.UntilAsync(change => change.Type != "DELETED" && expected(change.Object))).Object;
    }

    /// <summary>Waits until an object is gone.</summary>
    public async Task UntilGoneAsync(string name)
    {
        var list = await ListAsync($"fieldSelector=metadata.name={name}");
        if (list.Items.Count > 0)
        {
            using var watch = await WatchAsync($"fieldSelector=metadata.name={name}&resourceVersion={list.ResourceVersion}");
            await watch.UntilAsync(change => change.Type == "DELETED");
        }
    }
}
