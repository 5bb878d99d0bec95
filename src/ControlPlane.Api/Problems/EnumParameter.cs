namespace ControlPlane.Api.Problems;

/// <summary>Parameters that have one of a few words, in any case.</summary>
internal static class EnumParameter
{
    /// <summary>The value that a word stands for.</summary>
    /// <exception cref="RequestException">It stands for none.</exception>
    public static T Parse<T>(string field, string word)
        where T : struct, Enum =>
        Enum.GetNames<T>().FirstOrDefault(name => string.Equals(name, word, StringComparison.OrdinalIgnoreCase)) is { } name
            ? Enum.Parse<T>(name)
            : throw RequestException.BadParameter(field, $"'{word}' is none of {string.Join(", ", Enum.GetNames<T>())}");
}
