namespace Gateway.Policies;

/// <summary>Paths as policies write them: exact, or with a <c>*</c> at the end.</summary>
internal static class PathPatterns
{
    /// <summary>True when there are none, or one of them is the path's.</summary>
    public static bool Cover(IReadOnlyList<string> patterns, string path)
    {
        foreach (var pattern in patterns)
        {
            if (pattern.EndsWith('*') ? path.AsSpan().StartsWith(pattern.AsSpan(0, pattern.Length - 1), StringComparison.Ordinal) : path == pattern)
            {
                return true;
            }
        }

        return patterns.Count == 0;
    }

    /// <summary>True when there are none, or one of them is the method.</summary>
    public static bool Names(IReadOnlyList<string> methods, string method) => methods.Count == 0 || methods.Contains(method);
}
