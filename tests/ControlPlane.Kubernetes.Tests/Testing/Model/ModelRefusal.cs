using System.Text.Json.Nodes;

namespace ControlPlane.Kubernetes.Tests.Testing.Model;

/// <summary>The model server says no.</summary>
internal sealed class ModelRefusal(int code, string reason, string message) : Exception(message)
{
    public int Code { get; } = code;

    public static ModelRefusal NotFound(ModelPath path) => new(404, "NotFound", $"{path.Name} not found");

    public static ModelRefusal Conflict(string message) => new(409, "Conflict", message);

    public static ModelRefusal Invalid(string message) => new(422, "Invalid", message);

    public JsonObject ToStatus() => new()
    {
        ["kind"] = "Status",
        ["status"] = "Failure",
        ["code"] = Code,
        ["reason"] = reason,
        ["message"] = Message,
    };
}
