namespace LocalCluster.Applying;

/// <summary>Fields that somebody applies and that others own with other values.</summary>
/// <param name="conflicts">The fields by owner.</param>
internal sealed class ApplyConflictException(IReadOnlyDictionary<FieldWriter, FieldSet> conflicts) : Exception("fields are owned by others")
{
    /// <summary>The fields by owner, and each as its path.</summary>
    public IReadOnlyList<(FieldWriter Owner, string Path)> Fields { get; } =
        [.. conflicts.SelectMany(c => c.Value.Paths().Select(path => (c.Key, PathElement.Show(path))))];

    /// <summary>All fields.</summary>
    public FieldSet All { get; } = conflicts.Values.Aggregate(new FieldSet(), (all, fields) => all.Union(fields));
}

/// <summary>A configuration that can't be applied, because it is no object of its kind.</summary>
/// <param name="errors">What is wrong, with paths.</param>
internal sealed class ApplyConfigException(IReadOnlyList<string> errors) : Exception(string.Join("\n", errors))
{
    /// <summary>What is wrong, with paths.</summary>
    public IReadOnlyList<string> Errors { get; } = errors;
}
