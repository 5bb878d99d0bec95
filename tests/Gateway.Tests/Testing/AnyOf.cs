using CsCheck;

namespace Gateway.Tests.Testing;

/// <summary>Generates one of a few values.</summary>
internal static class AnyOf
{
    public static Gen<T> These<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);
}
