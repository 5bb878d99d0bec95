using System.Text.Json.Nodes;

namespace ControlPlane.Kubernetes.Tests.Testing.Model;

/// <summary>JSON patch (RFC 6902: test, add, replace and remove) and JSON merge patch (RFC 7386).</summary>
internal static class Patches
{
    public static JsonObject Merge(JsonObject present, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            switch (value)
            {
                case null:
                    present.Remove(name);
                    break;
                case JsonObject nested:
                    present[name] = Merge(present[name]?.DeepClone() as JsonObject ?? [], nested);
                    break;
                default:
                    present[name] = value.DeepClone();
                    break;
            }
        }

        return present;
    }

    public static JsonObject Apply(JsonObject present, JsonArray operations)
    {
        foreach (var operation in operations)
        {
            Apply(present, (string)operation!["op"]!, (string)operation["path"]!, operation["value"]);
        }

        return present;
    }

    private static void Apply(JsonObject root, string op, string path, JsonNode? value)
    {
        var steps = path.Split('/').Skip(1).Select(step => step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)).ToList();
        JsonNode? parent = root;
        foreach (var step in steps.SkipLast(1))
        {
            parent = Child(parent, step);
        }

        var last = steps[^1];
        var known = Child(parent, last);
        if (parent is null || (op is "test" && !JsonNode.DeepEquals(known, value)) || (op is "replace" or "remove" && known is null))
        {
            throw ModelRefusal.Invalid("the server rejected our request due to an error in our request");
        }

        switch (op, parent)
        {
            case ("test", _):
                break;
            case ("remove", JsonObject holder):
                holder.Remove(last);
                break;
            case ("add" or "replace", JsonObject holder):
                holder[last] = value?.DeepClone();
                break;
            default:
                throw new NotSupportedException($"{op} {path}");
        }
    }

    private static JsonNode? Child(JsonNode? parent, string step) => parent switch
    {
        JsonObject holder => holder[step],
        JsonArray items => int.Parse(step, null) is var at && at < items.Count ? items[at] : null,
        _ => null,
    };
}
