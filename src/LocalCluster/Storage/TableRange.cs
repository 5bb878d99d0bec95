using System.Collections;

namespace LocalCluster.Storage;

/// <summary>A run of objects in list order, whose length is known without walking it.</summary>
/// <param name="at">Object at a position.</param>
/// <param name="start">First position.</param>
/// <param name="end">Position after the last.</param>
internal readonly struct TableRange(Func<int, StoredObject> at, int start, int end) : IReadOnlyCollection<StoredObject>
{
    /// <inheritdoc/>
    public int Count => Math.Max(0, end - start);

    /// <inheritdoc/>
    public IEnumerator<StoredObject> GetEnumerator()
    {
        for (var position = start; position < end; position++)
        {
            yield return at(position);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
