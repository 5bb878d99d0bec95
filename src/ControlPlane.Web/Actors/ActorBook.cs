using ControlPlane.Api.Audit.Actors;

namespace ControlPlane.Web.Actors;

/// <summary>
/// The names that a page shows in the place of ids. A page that reads a list has it learn who is in it, all at once; it learns them anew each time, so
/// that a name that was erased is gone with the next reading. Who may not see names sees ids.
/// </summary>
public sealed class ActorBook(ActorNames actors)
{
    private readonly Dictionary<string, string?> _names = new(StringComparer.Ordinal);

    /// <summary>Learns names.</summary>
    public async Task LearnAsync(IEnumerable<string?> ids, CancellationToken cancellationToken)
    {
        if (!actors.MaySee)
        {
            _names.Clear();
            return;
        }

        foreach (var part in ids.OfType<string>().Where(ActorNames.IsOpaque).Distinct(StringComparer.Ordinal).Chunk(ActorNames.Most))
        {
            foreach (var actor in await actors.FindAsync(part, cancellationToken))
            {
                _names[actor.Id] = actor.Name;
            }
        }
    }

    /// <summary>The name of an id; the id itself where there is none to be seen.</summary>
    public string NameOf(string id) => _names.TryGetValue(id, out var name) ? name ?? "unknown or erased actor" : id;

    /// <summary>True when the id is shown as it is.</summary>
    public bool ShowsId(string id) => !_names.ContainsKey(id);
}
