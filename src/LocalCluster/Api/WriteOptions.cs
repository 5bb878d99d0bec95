using System.Text;
using LocalCluster.Errors;
using LocalCluster.Schemas;

namespace LocalCluster.Api;

/// <summary>What happens to fields that a kind does not know.</summary>
internal enum FieldValidation
{
    /// <summary>They are dropped in silence.</summary>
    Ignore,

    /// <summary>They are dropped with a warning.</summary>
    Warn,

    /// <summary>The request is refused.</summary>
    Strict,
}

/// <summary>The options of a create, update or patch.</summary>
/// <param name="DryRun">True: everything but storing.</param>
/// <param name="FieldManager">Who will own the fields that the request sets.</param>
/// <param name="FieldValidation">What happens to unknown fields.</param>
/// <param name="Force">True for an apply that takes fields from other managers.</param>
internal sealed record WriteOptions(bool DryRun, string FieldManager, FieldValidation FieldValidation, bool Force = false)
{
    private const int ManagerLength = 128;

    /// <summary>Options of a create.</summary>
    /// <exception cref="StatusException">422: an option is malformed.</exception>
    public static WriteOptions ForCreate(ResourceRequest request) => Read(request, "CreateOptions", []);

    /// <summary>Options of a replacement.</summary>
    /// <exception cref="StatusException">422: an option is malformed.</exception>
    public static WriteOptions ForUpdate(ResourceRequest request) => Read(request, "UpdateOptions", []);

    /// <summary>Options of a patch.</summary>
    /// <param name="request">The request.</param>
    /// <param name="apply">True for a server-side apply, which needs a field manager.</param>
    /// <exception cref="StatusException">422: an option is malformed or missing.</exception>
    public static WriteOptions ForPatch(ResourceRequest request, bool apply)
    {
        var errors = new List<FieldError>();
        var force = request.OptionalFlag("force");
        if (apply && request.Query("fieldManager").Length == 0)
        {
            errors.Add(FieldError.Required("fieldManager", "is required for apply patch"));
        }
        else if (!apply && force is not null)
        {
            errors.Add(FieldError.Forbidden("force", "may not be specified for non-apply patch"));
        }

        return Read(request, "PatchOptions", errors) with { Force = force ?? false };
    }

    /// <summary>Reads <c>dryRun</c>, whose only value is <c>All</c>.</summary>
    public static bool ReadDryRun(IEnumerable<string?> values, List<FieldError> errors)
    {
        var given = values.Where(v => !string.IsNullOrEmpty(v)).ToList();
        if (given.Any(v => v != "All"))
        {
            errors.Add(FieldError.NotSupported("dryRun", new System.Text.Json.Nodes.JsonArray([.. given.Select(v => (System.Text.Json.Nodes.JsonNode)v!)]), ["All"]));
        }

        return given.Count > 0;
    }

    private static WriteOptions Read(ResourceRequest request, string kind, List<FieldError> errors)
    {
        var manager = request.Query("fieldManager");
        ValidateManager(manager, errors);
        var dryRun = ReadDryRun(request.Http.Request.Query["dryRun"], errors);
        var text = request.Query("fieldValidation");
        if (text is not ("" or "Ignore" or "Warn" or "Strict"))
        {
            errors.Add(FieldError.NotSupported("fieldValidation", text, ["", "Ignore", "Strict", "Warn"]));
        }

        if (errors.Count > 0)
        {
            throw StatusErrors.Invalid("meta.k8s.io", kind, "", errors);
        }

        return new WriteOptions(
            dryRun,
            manager.Length > 0 ? manager : FromUserAgent(request.Http.Request.Headers.UserAgent.ToString()),
            text.Length == 0 ? FieldValidation.Warn : Enum.Parse<FieldValidation>(text));
    }

    private static void ValidateManager(string manager, List<FieldError> errors)
    {
        if (Encoding.UTF8.GetByteCount(manager) > ManagerLength)
        {
            errors.Add(FieldError.TooLong("fieldManager", ManagerLength));
        }

        for (var i = 0; i < manager.Length; i++)
        {
            if (char.IsControl(manager[i]))
            {
                errors.Add(FieldError.Invalid(
                    "fieldManager", manager, $"invalid character U+{(int)manager[i]:X4} (at position {i})"));
            }
        }
    }

    // What stands before the first slash, printable characters only, is the program's name.
    private static string FromUserAgent(string userAgent)
    {
        var name = new StringBuilder();
        foreach (var c in userAgent.Split('/', 2)[0])
        {
            if (!char.IsControl(c) && name.Length < ManagerLength)
            {
                name.Append(c);
            }
        }

        return name.ToString();
    }
}
