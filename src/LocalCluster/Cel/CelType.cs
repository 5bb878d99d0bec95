using System.Collections.Frozen;

namespace LocalCluster.Cel;

/// <summary>The kinds of CEL types.</summary>
internal enum CelKind : byte
{
    /// <summary>Known at run time only; goes with every type.</summary>
    Dyn,

    /// <summary>The type of what did not check, so that one mistake is reported once.</summary>
    Error,

    /// <summary>The type of null.</summary>
    Null,

    /// <summary>true or false.</summary>
    Bool,

    /// <summary>Signed 64-bit integer.</summary>
    Int,

    /// <summary>Unsigned 64-bit integer.</summary>
    Uint,

    /// <summary>64-bit floating point number.</summary>
    Double,

    /// <summary>Unicode text.</summary>
    String,

    /// <summary>Bytes.</summary>
    Bytes,

    /// <summary>A span of time in nanoseconds.</summary>
    Duration,

    /// <summary>A point in time.</summary>
    Timestamp,

    /// <summary>A list; its parameter is the type of its items.</summary>
    List,

    /// <summary>A map; its parameters are the types of keys and values.</summary>
    Map,

    /// <summary>An object with named fields.</summary>
    Object,

    /// <summary>A type as a value; its parameter is that type.</summary>
    Type,

    /// <summary>A value that may be missing; its parameter is the type of the value.</summary>
    Optional,

    /// <summary>A type that only its own functions understand, such as a quantity or an IP address.</summary>
    Opaque,

    /// <summary>Stands for another type: in the signature of a function, or while the checker infers.</summary>
    Variable,
}

/// <summary>A CEL type. Object types are equal when they have the same name, all others when they have the same structure.</summary>
internal sealed class CelType : IEquatable<CelType>
{
    private readonly Lazy<IReadOnlyDictionary<string, CelType>>? _fields;

    private CelType(CelKind kind, string name, params CelType[] parameters)
    {
        Kind = kind;
        Name = name;
        Parameters = parameters;
    }

    private CelType(string name, Lazy<IReadOnlyDictionary<string, CelType>> fields)
        : this(CelKind.Object, name) => _fields = fields;

    private CelType(CelType sized, long maxSize)
        : this(sized.Kind, sized.Name, sized.Parameters)
    {
        _fields = sized._fields;
        MaxSize = maxSize;
    }

    public static CelType Dyn { get; } = new(CelKind.Dyn, "dyn");

    public static CelType Error { get; } = new(CelKind.Error, "!error!");

    public static CelType Null { get; } = new(CelKind.Null, "null");

    public static CelType Bool { get; } = new(CelKind.Bool, "bool");

    public static CelType Int { get; } = new(CelKind.Int, "int");

    public static CelType Uint { get; } = new(CelKind.Uint, "uint");

    public static CelType Double { get; } = new(CelKind.Double, "double");

    public static CelType String { get; } = new(CelKind.String, "string");

    public static CelType Bytes { get; } = new(CelKind.Bytes, "bytes");

    public static CelType Duration { get; } = new(CelKind.Duration, "duration");

    public static CelType Timestamp { get; } = new(CelKind.Timestamp, "timestamp");

    /// <summary>Which of the kinds it is.</summary>
    public CelKind Kind { get; }

    /// <summary>The name without parameters.</summary>
    public string Name { get; }

    /// <summary>The types that make up this one.</summary>
    public CelType[] Parameters { get; }

    /// <summary>True for an object that has any field that somebody asks for, of a type that is known at run time only.</summary>
    public bool IsOpen { get; private init; }

    /// <summary>The fields of an object; empty for all else.</summary>
    public IReadOnlyDictionary<string, CelType> Fields => _fields?.Value ?? FrozenDictionary<string, CelType>.Empty;

    /// <summary>
    /// The most items, characters or bytes that a value of the type can have, where somebody knows; for the estimate of costs. It is
    /// no part of the type's identity.
    /// </summary>
    public long? MaxSize { get; }

    /// <summary>True for types that go with every other, so that one mistake is not reported twice.</summary>
    public bool IsDynOrError => Kind is CelKind.Dyn or CelKind.Error;

    public static CelType List(CelType item) => new(CelKind.List, "list", item);

    public static CelType Map(CelType key, CelType value) => new(CelKind.Map, "map", key, value);

    public static CelType Optional(CelType value) => new(CelKind.Optional, "optional_type", value);

    public static CelType TypeOf(CelType type) => new(CelKind.Type, "type", type);

    public static CelType Variable(string name) => new(CelKind.Variable, name);

    public static CelType Opaque(string name) => new(CelKind.Opaque, name);

    /// <summary>An object type. Its fields are computed when they are needed, because types may be recursive.</summary>
    public static CelType Object(string name, Func<IReadOnlyDictionary<string, CelType>> fields) => new(name, new(fields));

    /// <summary>An object type with any fields.</summary>
    public static CelType OpenObject(string name) => new(CelKind.Object, name) { IsOpen = true };

    /// <summary>The type of a field of an object; null when it has none of that name.</summary>
    public CelType? Field(string name) => Fields.TryGetValue(name, out var field) ? field : IsOpen ? Dyn : null;

    /// <summary>The same type, of values of at most that size.</summary>
    public CelType WithMaxSize(long maxSize) => new(this, maxSize);

    /// <summary>The same type with other parameters.</summary>
    public CelType WithParameters(CelType[] parameters) =>
        MaxSize is { } size ? new CelType(Kind, Name, parameters).WithMaxSize(size) : new CelType(Kind, Name, parameters);

    /// <inheritdoc/>
    public bool Equals(CelType? other) => ReferenceEquals(this, other)
        || (other is not null && Kind == other.Kind && Name == other.Name && Parameters.AsSpan().SequenceEqual(other.Parameters));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as CelType);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Kind, Name);

    /// <inheritdoc/>
    public override string ToString() => Parameters.Length == 0 ? Name : $"{Name}({string.Join(", ", Parameters.AsEnumerable())})";
}
