using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Resources;
using LocalCluster.Schemas;

namespace LocalCluster.Errors;

/// <summary>The failures of a Kubernetes API, with the codes, reasons and words that its clients look for.</summary>
internal static class StatusErrors
{
    /// <summary>Suffix of every conflict of versions.</summary>
    public const string ObjectModified = "the object has been modified; please apply your changes to the latest version and try again";

    /// <summary>404 for an object.</summary>
    public static StatusException NotFound(ResourceType type, string name) =>
        new(404, "NotFound", $"{type.QualifiedName} \"{name}\" not found", Details(type.Group, type.Plural, name));

    /// <summary>404 for a path under which nothing is served.</summary>
    public static StatusException NoSuchPath() => new(404, "NotFound", "the server could not find the requested resource", []);

    /// <summary>409 for a name that is taken.</summary>
    public static StatusException AlreadyExists(ResourceType type, string name) =>
        new(409, "AlreadyExists", $"{type.QualifiedName} \"{name}\" already exists", Details(type.Group, type.Plural, name));

    /// <summary>409 for a change that was computed from another version, or that the object's state forbids.</summary>
    public static StatusException Conflict(ResourceType type, string name, string why) => new(
        409, "Conflict", $"Operation cannot be fulfilled on {type.QualifiedName} \"{name}\": {why}", Details(type.Group, type.Plural, name));

    /// <summary>403.</summary>
    public static StatusException Forbidden(ResourceType type, string name, string why) => new(
        403,
        "Forbidden",
        name.Length == 0 ? $"{type.QualifiedName} is forbidden: {why}" : $"{type.QualifiedName} \"{name}\" is forbidden: {why}",
        Details(type.Group, type.Plural, name));

    /// <summary>422 for an object, or for options, that fails validation.</summary>
    public static StatusException Invalid(string group, string kind, string name, IReadOnlyList<FieldError> errors)
    {
        var details = Details(group, kind, name);
        details["causes"] = new JsonArray([
            .. errors.Select(e => new JsonObject { ["reason"] = e.Reason, ["message"] = e.Body, ["field"] = e.ShownField }),
        ]);
        var messages = errors.Select(e => e.ToString()).Distinct().ToList();
        var list = messages.Count == 1 ? messages[0] : $"[{string.Join(", ", messages)}]";
        return new(422, "Invalid", $"{(group.Length == 0 ? kind : $"{kind}.{group}")} \"{name}\" is invalid: {list}", details);
    }

    /// <summary>422 for an object of a kind.</summary>
    public static StatusException Invalid(ResourceType type, string name, IReadOnlyList<FieldError> errors) =>
        Invalid(type.Group, type.Kind, name, errors);

    /// <summary>400.</summary>
    public static StatusException BadRequest(string why) => new(400, "BadRequest", why);

    /// <summary>422 for a patch that does not fit its object.</summary>
    public static StatusException Unprocessable(string why) => new(
        422,
        "Invalid",
        "the server rejected our request due to an error in our request",
        new JsonObject { ["causes"] = new JsonArray(new JsonObject { ["message"] = why }) });

    /// <summary>405 for a method that the path does not take, of any kind.</summary>
    public static StatusException MethodNotAllowed() =>
        new(405, "MethodNotAllowed", "the server does not allow this method on the requested resource", []);

    /// <summary>405 for a verb that the kind does not have.</summary>
    public static StatusException MethodNotAllowed(ResourceType type, string verb) => new(
        405, "MethodNotAllowed", $"{verb} is not supported on resources of kind \"{type.QualifiedName}\"", Details(type.Group, type.Plural, ""));

    /// <summary>406.</summary>
    public static StatusException NotAcceptable(params IEnumerable<string> served) =>
        new(406, "NotAcceptable", $"only the following media types are accepted: {string.Join(", ", served)}");

    /// <summary>415.</summary>
    public static StatusException UnsupportedMediaType(params IEnumerable<string> accepted) => new(
        415,
        "UnsupportedMediaType",
        $"the body of the request was in an unknown format - accepted media types include: {string.Join(", ", accepted)}");

    /// <summary>413.</summary>
    public static StatusException TooLarge(long limit) =>
        new(413, "RequestEntityTooLarge", $"Request entity too large: limit is {limit}");

    /// <summary>410.</summary>
    public static StatusException Expired(string why, string? continueToken = null) => new(410, "Expired", why) { Continue = continueToken };

    /// <summary>429, as an eviction that a disruption budget forbids gets.</summary>
    public static StatusException TooManyRequests(string why, JsonObject details) => new(429, "TooManyRequests", why, details);

    /// <summary>500.</summary>
    public static StatusException Internal(string why) => new(500, "InternalError", $"Internal error occurred: {why}");

    /// <summary>503.</summary>
    public static StatusException Unavailable(string why) => new(503, "ServiceUnavailable", why);

    /// <summary>504 for a revision that has not happened yet.</summary>
    public static StatusException FutureRevision(long requested, long current) => new(
        504,
        "Timeout",
        $"Timeout: Too large resource version: {requested}, current: {current}",
        new JsonObject
        {
            ["causes"] = new JsonArray(new JsonObject { ["reason"] = "ResourceVersionTooLarge", ["message"] = "Too large resource version" }),
            ["retryAfterSeconds"] = 1,
        });

    private static JsonObject Details(string group, string kind, string name)
    {
        var details = new JsonObject();
        if (name.Length > 0)
        {
            details["name"] = name;
        }

        if (group.Length > 0)
        {
            details["group"] = group;
        }

        details["kind"] = kind;
        return details;
    }
}
