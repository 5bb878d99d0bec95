using System.Text.Json.Nodes;
using LocalCluster.Cel;

namespace LocalCluster.Schemas.Validation;

/// <summary>What a walk over a value found to be wrong, and where it is. Fields are told as kube-openapi does: keys of maps follow dots.</summary>
/// <param name="root">Path of the value; empty for a whole object.</param>
internal sealed class Findings(string root)
{
    /// <summary>Where the walk is.</summary>
    public FieldPath Path { get; } = new(root);

    /// <summary>What is wrong.</summary>
    public List<FieldError> Errors { get; private set; } = [];

    /// <summary>The path of the value below the root, quoted.</summary>
    public string QuotedPath => GoText.Quote(Path.Relative());

    private string Field => Path.ToDottedString();

    /// <summary>The value is wrong.</summary>
    /// <param name="kind">How.</param>
    /// <param name="badValue">What to show of it.</param>
    /// <param name="detail">The rule that it breaks; it follows the path of the value.</param>
    public void Add(FieldErrorKind kind, string badValue, string detail) =>
        Errors.Add(new FieldError(kind, Field, badValue, $"{Path.Relative()} in body {detail}"));

    /// <summary>Something is wrong that kube-openapi does not tell the field of.</summary>
    public void AddToRoot(string detail) => Errors.Add(new FieldError(FieldErrorKind.Invalid, root, "\"\"", detail));

    /// <summary>A field of the value is missing.</summary>
    public void AddRequired(string name)
    {
        Path.Enter(name);
        Errors.Add(FieldError.Required(Field));
        Path.Leave();
    }

    /// <summary>The list or object has more than <paramref name="max"/> items or keys.</summary>
    public void AddTooMany(long actual, long max) => Errors.Add(FieldError.TooMany(Field, actual, max));

    /// <summary>The text is longer than <paramref name="max"/>.</summary>
    public void AddTooLong(long max) => Errors.Add(FieldError.TooLong(Field, max));

    /// <summary>The value is none of those that are allowed.</summary>
    public void AddNotSupported(JsonNode? value, IEnumerable<string> supported) =>
        Errors.Add(FieldError.NotSupported(Field, value, supported));

    /// <summary>The value is there twice.</summary>
    public void AddDuplicate(JsonNode value) => Errors.Add(FieldError.Duplicate(Field, value));

    /// <summary>Starts to keep apart what is found.</summary>
    /// <returns>What was found before.</returns>
    public List<FieldError> Begin()
    {
        var before = Errors;
        Errors = [];
        return before;
    }

    /// <summary>Ends what <see cref="Begin"/> started.</summary>
    /// <param name="before">What that returned.</param>
    /// <returns>What was found in between.</returns>
    public List<FieldError> End(List<FieldError> before)
    {
        var between = Errors;
        Errors = before;
        return between;
    }
}
