namespace LocalCluster.Schemas.Crd;

/// <summary>What the schemas around a schema have to say to it.</summary>
internal sealed record Place
{
    /// <summary>The schema, read; null when it could not be, or when it is inside of a junctor, where rules are not allowed.</summary>
    public SchemaNode? Node { get; init; }

    /// <summary>True for the schema of the whole object.</summary>
    public bool IsRoot { get; init; }

    /// <summary>True for the schema of apiVersion, kind and metadata, and below.</summary>
    public bool IsMetadata { get; init; }

    /// <summary>Where the schema is that it must not have a default; null when it may have one.</summary>
    public string? NoDefaults { get; init; }

    /// <summary>Path of the outermost schema around it of whose values nobody can say which old ones they replace; null when there is none.</summary>
    public string? Uncorrelatable { get; init; }

    /// <summary>How many values of the schema an object can have; null when nothing bounds it.</summary>
    public double? Count { get; init; } = 1;

    /// <summary>The place of a property.</summary>
    public Place Property(SchemaSource parent, string name)
    {
        var isMetadata = (IsRoot || parent.IsEmbeddedResource) && name is "metadata" or "kind" or "apiVersion";
        return this with
        {
            Node = Node?.Properties.GetValueOrDefault(name),
            IsRoot = false,
            IsMetadata = IsMetadata || isMetadata,
            NoDefaults = IsRoot && isMetadata ? $"in top-level {name}" : NoDefaults,
            Count = parent["additionalProperties"] is null ? Count : Times(parent.Integer("maxProperties")),
        };
    }

    /// <summary>The place of the values of a map.</summary>
    public Place Values(SchemaSource parent) => this with
    {
        Node = Node?.AdditionalProperties,
        IsRoot = false,
        NoDefaults = IsMetadata ? "inside additionalProperties applying to object metadata" : NoDefaults,
        Count = Times(parent.Integer("maxProperties")),
    };

    /// <summary>The place of the items of a list.</summary>
    public Place Items(SchemaSource parent) => this with
    {
        Node = Node?.Items,
        IsRoot = false,
        Uncorrelatable = Uncorrelatable ?? (parent.ListType == "map" ? null : parent.Path),
        Count = Times(parent.Integer("maxItems")),
    };

    /// <summary>The place of a schema inside of a junctor.</summary>
    public Place Inside() => this with { Node = null, IsRoot = false };

    private double? Times(long? max) => Count * (max is null ? null : Math.Max(max.Value, 0));
}
