using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace LocalCluster.Schemas;

/// <summary>What a schema asks of a value beside its type. Bounds are null where the schema has none.</summary>
internal sealed record ValueConstraints
{
    /// <summary>Name of a string format or a number format, as the schema spells it. Unknown names are not checked.</summary>
    public string? Format { get; init; }

    /// <summary>The values that are allowed; empty when all are.</summary>
    public IReadOnlyList<JsonNode?> Enum { get; init; } = [];

    /// <summary>Lower bound of a number.</summary>
    public double? Minimum { get; init; }

    /// <summary>True when <see cref="Minimum"/> itself is not allowed.</summary>
    public bool ExclusiveMinimum { get; init; }

    /// <summary>Upper bound of a number.</summary>
    public double? Maximum { get; init; }

    /// <summary>True when <see cref="Maximum"/> itself is not allowed.</summary>
    public bool ExclusiveMaximum { get; init; }

    /// <summary>The number is a whole multiple of this.</summary>
    public double? MultipleOf { get; init; }

    /// <summary>Shortest string, in Unicode code points.</summary>
    public long? MinLength { get; init; }

    /// <summary>Longest string, in Unicode code points.</summary>
    public long? MaxLength { get; init; }

    /// <summary>The regular expression that a string contains, as the schema spells it.</summary>
    public string? Pattern { get; init; }

    /// <summary><see cref="Pattern"/>, ready to match.</summary>
    public Regex? PatternRegex { get; init; }

    /// <summary>Fewest items of an array.</summary>
    public long? MinItems { get; init; }

    /// <summary>Most items of an array.</summary>
    public long? MaxItems { get; init; }

    /// <summary>True when no two items of an array may be equal.</summary>
    public bool UniqueItems { get; init; }

    /// <summary>Fewest keys of an object.</summary>
    public long? MinProperties { get; init; }

    /// <summary>Most keys of an object.</summary>
    public long? MaxProperties { get; init; }

    /// <summary>Keys that an object must have.</summary>
    public IReadOnlyList<string> Required { get; init; } = [];

    /// <summary>Every one of these must hold too.</summary>
    public IReadOnlyList<SchemaNode> AllOf { get; init; } = [];

    /// <summary>At least one of these must hold too, if there are any.</summary>
    public IReadOnlyList<SchemaNode> AnyOf { get; init; } = [];

    /// <summary>Exactly one of these must hold too, if there are any.</summary>
    public IReadOnlyList<SchemaNode> OneOf { get; init; } = [];

    /// <summary>This must not hold.</summary>
    public SchemaNode? Not { get; init; }
}
