using System.Text.Json.Nodes;
using LocalCluster.Cel;

namespace LocalCluster.Schemas.Validation;

/// <summary>
/// Bounds of numbers. As in kube-openapi, a whole number is compared with the whole part of a bound, and a bound that does not fit the
/// type is a fault of its own, of every value.
/// </summary>
internal static class NumberRange
{
    // The largest number up to which a double tells all whole numbers apart.
    private const double MaxWhole = (1L << 53) - 1;

    /// <summary>What is wrong with a number.</summary>
    /// <param name="IsOfType">True when it, or a bound, can't be a value of the type.</param>
    /// <param name="Detail">The error, without the path.</param>
    internal readonly record struct Fault(bool IsOfType, string Detail);

    /// <summary>True for a whole number, also one that is written as 1.0.</summary>
    public static bool IsWhole(JsonNode value) =>
        value.TryInteger(out _) || (value.TryNumber(out var number) && double.IsInteger(number) && Math.Abs(number) <= MaxWhole);

    /// <summary>True when the format of a number's schema is one that is checked.</summary>
    public static bool IsFormat(SchemaNode schema) => (schema.Type, schema.Constraints?.Format) is
        (SchemaType.Integer, "int32" or "int64") or (SchemaType.Number, "float" or "double");

    /// <summary>What is wrong with a number; null when nothing is.</summary>
    public static List<Fault>? FaultsOf(JsonNode value, SchemaNode schema, ValueConstraints constraints)
    {
        List<Fault>? faults = null;
        var isInteger = value.TryInteger(out var integer);
        if (!value.TryNumber(out var number))
        {
            number = integer;
        }

        CheckType(number, "Checked", schema, ref faults);
        if (constraints.MultipleOf is { } factor && CheckType(factor, "MultipleOf", schema, ref faults) is var fits
            && !(fits && isInteger && factor >= 1 ? integer % (long)factor == 0 : IsMultiple(number, factor)))
        {
            Add(ref faults, $"should be a multiple of {GoText.Float(factor)}");
        }

        if (constraints.Minimum is { } min)
        {
            var isWhole = CheckType(min, "Minimum boundary", schema, ref faults) && isInteger;
            var order = isWhole ? integer.CompareTo((long)min) : number.CompareTo(min);
            if (constraints.ExclusiveMinimum ? order <= 0 : order < 0)
            {
                Add(ref faults, $"should be greater than {(constraints.ExclusiveMinimum ? "" : "or equal to ")}{Show(min, isWhole)}");
            }
        }

        if (constraints.Maximum is { } max)
        {
            var isWhole = CheckType(max, "Maximum boundary", schema, ref faults) && isInteger;
            var order = isWhole ? integer.CompareTo((long)max) : number.CompareTo(max);
            if (constraints.ExclusiveMaximum ? order >= 0 : order > 0)
            {
                Add(ref faults, $"should be less than {(constraints.ExclusiveMaximum ? "" : "or equal to ")}{Show(max, isWhole)}");
            }
        }

        return faults;
    }

    private static void Add(ref List<Fault>? faults, string detail) => (faults ??= []).Add(new Fault(IsOfType: false, detail));

    private static bool CheckType(double number, string what, SchemaNode schema, ref List<Fault>? faults)
    {
        var format = IsFormat(schema) ? schema.Constraints!.Format : null;
        var fits = (schema.Type, format) switch
        {
            (SchemaType.Integer, "int32") => double.IsInteger(number) && number is >= int.MinValue and <= int.MaxValue,
            (SchemaType.Integer, _) => double.IsInteger(number) && Math.Abs(number) <= long.MaxValue,
            (_, "float") => Math.Abs(number) <= float.MaxValue,
            _ => true,
        };
        if (!fits)
        {
            var type = $"{schema.Type.Name()} {(format is null ? "(default format)" : $"with format {format}")}";
            (faults ??= []).Add(new Fault(IsOfType: true, $"{what} value must be of type {type}"));
        }

        return fits;
    }

    private static bool IsMultiple(double number, double factor) => double.IsInteger(factor < 1 ? 1 / factor * number : number / factor);

    private static string Show(double bound, bool isWhole) => isWhole ? $"{(long)bound}" : GoText.Float(bound);
}
