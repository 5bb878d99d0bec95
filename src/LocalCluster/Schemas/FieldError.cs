using System.Text.Json.Nodes;
using LocalCluster.Cel;

namespace LocalCluster.Schemas;

/// <summary>What is wrong with a field. The names are the API's cause types without their <c>FieldValue</c> prefix.</summary>
internal enum FieldErrorKind : byte
{
    /// <summary>The value is malformed or out of bounds.</summary>
    Invalid,

    /// <summary>A value is missing.</summary>
    Required,

    /// <summary>The value is not one of those that are allowed.</summary>
    NotSupported,

    /// <summary>The value must be unique and is not.</summary>
    Duplicate,

    /// <summary>The value is well-formed but not allowed here.</summary>
    Forbidden,

    /// <summary>The string is too long.</summary>
    TooLong,

    /// <summary>There are too many items or keys.</summary>
    TooMany,

    /// <summary>The value is of the wrong JSON type.</summary>
    TypeInvalid,

    /// <summary>What the value refers to does not exist.</summary>
    NotFound,

    /// <summary>The server failed, not the user.</summary>
    Internal,
}

/// <summary>One field at fault, in the words of a Kubernetes API server.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="Field">Path of the field, such as <c>spec.ports[0].name</c>.</param>
/// <param name="BadValue">The value at fault as messages show it; null where messages don't.</param>
/// <param name="Detail">What would be right; may be empty.</param>
internal sealed record FieldError(FieldErrorKind Kind, string Field, string? BadValue, string Detail)
{
    /// <summary>The <c>reason</c> of the cause in the API's Status object.</summary>
    public string Reason => Kind == FieldErrorKind.Internal ? "InternalError" : $"FieldValue{Kind}";

    /// <summary>The message without the field, as the <c>message</c> of a cause has it.</summary>
    public string Body
    {
        get
        {
            var text = BadValue is null ? Title : $"{Title}: {BadValue}";
            return Detail.Length == 0 ? text : $"{text}: {Detail}";
        }
    }

    private string Title => Kind switch
    {
        FieldErrorKind.Required => "Required value",
        FieldErrorKind.NotSupported => "Unsupported value",
        FieldErrorKind.Duplicate => "Duplicate value",
        FieldErrorKind.Forbidden => "Forbidden",
        FieldErrorKind.TooLong => "Too long",
        FieldErrorKind.TooMany => "Too many",
        FieldErrorKind.NotFound => "Not found",
        FieldErrorKind.Internal => "Internal error",
        _ => "Invalid value",
    };

    /// <summary>A malformed value.</summary>
    public static FieldError Invalid(string field, JsonNode? value, string detail) =>
        new(FieldErrorKind.Invalid, field, GoJson.Show(value), detail);

    /// <summary>A value of the wrong JSON type.</summary>
    public static FieldError TypeInvalid(string field, JsonNode? value, string detail) =>
        new(FieldErrorKind.TypeInvalid, field, GoJson.Show(value), detail);

    /// <summary>A missing value.</summary>
    public static FieldError Required(string field, string detail = "") => new(FieldErrorKind.Required, field, null, detail);

    /// <summary>A value that is not allowed here.</summary>
    public static FieldError Forbidden(string field, string detail) => new(FieldErrorKind.Forbidden, field, null, detail);

    /// <summary>A value that is there twice.</summary>
    public static FieldError Duplicate(string field, JsonNode? value) =>
        new(FieldErrorKind.Duplicate, field, GoJson.Show(value), "");

    /// <summary>A value that is none of the <paramref name="supported"/> ones.</summary>
    public static FieldError NotSupported(string field, JsonNode? value, IEnumerable<string> supported)
    {
        var list = string.Join(", ", supported.Select(GoText.Quote));
        return new(FieldErrorKind.NotSupported, field, GoJson.Show(value), list.Length == 0 ? "" : $"supported values: {list}");
    }

    /// <summary>A string of more than <paramref name="max"/> bytes.</summary>
    public static FieldError TooLong(string field, long max) =>
        new(FieldErrorKind.TooLong, field, null, $"may not be more than {max} {(max == 1 ? "byte" : "bytes")}");

    /// <summary>More than <paramref name="max"/> items or keys.</summary>
    public static FieldError TooMany(string field, long actual, long max) =>
        new(FieldErrorKind.TooMany, field, $"{actual}", $"must have at most {max} {(max == 1 ? "item" : "items")}");

    /// <summary>The field as answers show it: the object as a whole has no path.</summary>
    public string ShownField => Field.Length == 0 ? "<nil>" : Field;

    /// <inheritdoc/>
    public override string ToString() => $"{ShownField}: {Body}";
}
