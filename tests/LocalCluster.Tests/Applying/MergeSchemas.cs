using LocalCluster.Schemas;

namespace LocalCluster.Tests.Applying;

/// <summary>A small kind that has one of each way of merging.</summary>
internal static class MergeSchemas
{
    private static readonly SchemaNode Text = new() { Type = SchemaType.String };
    private static readonly SchemaNode Number = new() { Type = SchemaType.Integer };

    public static SchemaNode Kind { get; } = Object(new()
    {
        ["number"] = Number,
        ["granular"] = Map(atomic: false),
        ["atomic"] = Map(atomic: true),
        ["set"] = new() { Type = SchemaType.Array, ListType = ListType.Set, Items = Text },
        ["atomicList"] = new() { Type = SchemaType.Array, ListType = ListType.Atomic, Items = Text },
        ["list"] = new()
        {
            Type = SchemaType.Array,
            ListType = ListType.Map,
            ListMapKeys = ["name"],
            Items = Object(new() { ["name"] = Text, ["value"] = Text, ["other"] = Text }),
        },
        ["ports"] = new()
        {
            Type = SchemaType.Array,
            ListType = ListType.Map,
            ListMapKeys = ["port", "protocol"],
            Items = Object(new() { ["port"] = Number, ["protocol"] = new() { Type = SchemaType.String, Default = "TCP" }, ["name"] = Text }),
        },
        ["nested"] = Object(new() { ["a"] = Text, ["b"] = Text }),
        ["anything"] = SchemaNode.Anything,
    });

    private static SchemaNode Map(bool atomic) =>
        new() { Type = SchemaType.Object, AllowsAdditionalProperties = true, AdditionalProperties = Text, AtomicMap = atomic };

    private static SchemaNode Object(Dictionary<string, SchemaNode> properties) => new() { Type = SchemaType.Object, Properties = properties };
}
