namespace LocalCluster.Schemas;

/// <summary>What JSON a schema node takes.</summary>
internal enum SchemaType : byte
{
    /// <summary>Any JSON: no type is said.</summary>
    Any,

    /// <summary>A JSON object, of named properties or a map.</summary>
    Object,

    /// <summary>A JSON array.</summary>
    Array,

    /// <summary>A JSON string.</summary>
    String,

    /// <summary>A whole number of 64 bits.</summary>
    Integer,

    /// <summary>A number.</summary>
    Number,

    /// <summary>true or false.</summary>
    Boolean,

    /// <summary><c>x-kubernetes-int-or-string</c>: a whole number or a string.</summary>
    IntOrString,
}

/// <summary><c>x-kubernetes-list-type</c>: how a list is merged, and which of its items are duplicates.</summary>
internal enum ListType : byte
{
    /// <summary>One value that has one owner; the default.</summary>
    Atomic,

    /// <summary>Scalars, each at most once.</summary>
    Set,

    /// <summary>Objects, told apart by <see cref="SchemaNode.ListMapKeys"/>.</summary>
    Map,
}

/// <summary>The <c>x-kubernetes-patch-strategy</c> of a built-in field, for strategic merge patches. None replaces the value.</summary>
[Flags]
internal enum PatchStrategy : byte
{
    /// <summary>The patch's value replaces the old one (for lists and scalars).</summary>
    Replace = 0,

    /// <summary>The lists are merged, by <see cref="SchemaNode.PatchMergeKey"/> if there is one.</summary>
    Merge = 1,

    /// <summary>Keys that the patch's <c>$retainKeys</c> does not name are removed.</summary>
    RetainKeys = 2,
}
