namespace LocalCluster.Schemas.Crd;

/// <summary>What lists of type map and set must fulfil so that their items can be told apart.</summary>
internal static class ListMapRules
{
    private const string Keys = "x-kubernetes-list-map-keys";
    private const string ListType = "x-kubernetes-list-type";

    /// <summary>Checks one schema.</summary>
    public static void Check(SchemaSource schema, List<FieldError> errors)
    {
        if (schema.ListMapKeys.Count > 0 && schema.ListType != "map")
        {
            const string Detail = $"must be map if {Keys} is non-empty";
            errors.Add(schema.ListType is { } type
                ? FieldError.Invalid(schema.At(ListType), type, Detail)
                : FieldError.Required(schema.At(ListType), Detail));
        }

        if (schema.ListType == "map")
        {
            CheckMap(schema, errors);
        }

        if (schema is { ListType: "map" or "set", Items: { } items } && items.IsTrue("nullable"))
        {
            errors.Add(FieldError.Forbidden(items.At("nullable"), $"cannot be nullable when {ListType} is {schema.ListType}"));
        }

        if (schema is { ListType: "map", Items: { } item })
        {
            CheckKeysOf(item, schema.ListMapKeys, errors);
        }
    }

    private static void CheckMap(SchemaSource schema, List<FieldError> errors)
    {
        var keys = schema.ListMapKeys;
        if (keys.Count == 0)
        {
            errors.Add(FieldError.Required(schema.At(Keys), $"must not be empty if {ListType} is map"));
        }

        if (schema.Items is not { } items)
        {
            errors.Add(FieldError.Required(schema.At("items"), $"must have a schema if {ListType} is map"));
            return;
        }

        if (items.Type != "object")
        {
            errors.Add(FieldError.Invalid(items.At("type"), items.Type, $"must be object if parent array's {ListType} is map"));
            return;
        }

        var seen = new HashSet<string>();
        foreach (var key in keys)
        {
            if (items.Property(key) is not { } property)
            {
                errors.Add(FieldError.Invalid(schema.At(Keys), schema[Keys], "entries must all be names of item properties"));
            }
            else if (property.Type is "array" or "object")
            {
                // It shows the type of the items.
                errors.Add(FieldError.Invalid(
                    property.At("type"), items.Type, $"must be a scalar type if parent array's {ListType} is map"));
            }

            if (!seen.Add(key))
            {
                errors.Add(FieldError.Invalid(schema.At(Keys), schema[Keys], "must not contain duplicate entries"));
            }
        }
    }

    private static void CheckKeysOf(SchemaSource items, IReadOnlyList<string> keys, List<FieldError> errors)
    {
        var required = items.Texts("required");
        foreach (var key in keys)
        {
            var property = items.Property(key);
            if (property is { Default: null } && !required.Contains(key))
            {
                errors.Add(FieldError.Required(
                    property.At("default"), $"this property is in {Keys}, so it must have a default or be a required property"));
            }

            if (property?.IsTrue("nullable") == true)
            {
                errors.Add(FieldError.Forbidden(property.At("nullable"), $"this property is in {Keys}, so it cannot be nullable"));
            }
        }
    }
}
