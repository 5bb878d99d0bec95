using LocalCluster.Resources;
using Microsoft.AspNetCore.Http;
using ControlPlane.Kubernetes.Resources;

using LocalCluster.Errors;

using LocalCluster.Registry;
using LocalCluster.Storage;

namespace LocalCluster.Api;

/// <summary>A request for objects of one resource, as far as it is understood before its verb is looked at.</summary>
/// <param name="Http">The HTTP request and its answer.</param>
/// <param name="Path">What the path says.</param>
/// <param name="Resource">The resource that the path names.</param>
/// <param name="User">Who asks.</param>
internal sealed record ResourceRequest(HttpContext Http, RequestPath Path, ApiResource Resource, RequestUser User)
{
    private readonly HashSet<string> _warnings = [];

    /// <summary>What the path shows of objects.</summary>
    public IObjectView View => field ??= Path.Subresource == "scale" && Resource.Scale is { } scale
        ? new ScaleView(Resource, scale)
        : new WholeView(Resource);

    /// <summary>The object that was answered; null while none is, and for lists.</summary>
    public StoredObject? Answered { get; set; }

    /// <summary>Namespace and name that the path says.</summary>
    public ObjectKey Key => new(Path.Namespace, Path.Name);

    /// <summary>Ends when the client goes away or the server stops.</summary>
    public CancellationToken Aborted => Http.RequestAborted;

    /// <summary>What the rules of kinds need to know of this request.</summary>
    public RegistryRequest Registry(bool dryRun) => new(User, dryRun, Warn);

    /// <summary>A parameter of the query; empty when it is absent.</summary>
    public string Query(string name) => Http.Request.Query[name].ToString();

    /// <summary>True for a parameter that is set, in any of the ways that clients write it.</summary>
    /// <exception cref="StatusException">400: it is something else.</exception>
    public bool Flag(string name) => OptionalFlag(name) ?? false;

    /// <summary>As <see cref="Flag"/>, and null when the parameter is absent.</summary>
    public bool? OptionalFlag(string name) => Query(name) switch
    {
        "" => Http.Request.Query.ContainsKey(name) ? true : null,
        "1" or "t" or "T" or "true" or "TRUE" or "True" => true,
        "0" or "f" or "F" or "false" or "FALSE" or "False" => false,
        var other => throw StatusErrors.BadRequest($"{name}: \"{other}\" is not a boolean"),
    };

    /// <summary>A number in the query; null when it is absent.</summary>
    /// <exception cref="StatusException">400: it is no number.</exception>
    public long? Number(string name)
    {
        var text = Query(name);
        return text.Length == 0 ? null
            : long.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number
            : throw StatusErrors.BadRequest($"{name}: \"{text}\" is not a number");
    }

    /// <summary>Adds a <c>Warning</c> header to the answer, which <c>kubectl</c> shows.</summary>
    public void Warn(string message)
    {
        if (_warnings.Add(message))
        {
            var text = message.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
            Http.Response.Headers.Append("Warning", $"299 - \"{text.ReplaceLineEndings(" ")}\"");
        }
    }
}
