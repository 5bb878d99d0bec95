using ControlPlane.Kubernetes.Resources;

namespace Operators.Onboarding.Calls;

/// <summary>
/// Leaves calls out that lead back to their caller, because services that depend on each other in a circle are not accepted. First those that
/// a shared configuration tells: it names services that only some of its readers call. What then still leads back is left out too, and is for
/// people to decide.
/// </summary>
internal static class CallCycles
{
    /// <summary>Divides calls into those that can be declared and those that can't. A call that is told twice is left out only if neither can be kept.</summary>
    /// <param name="calls">The calls that were found.</param>
    /// <param name="declared">What services that are declared already depend on.</param>
    public static (IReadOnlyList<ServiceCall> Kept, IReadOnlyList<ServiceCall> LeftOut) Divide(
        IReadOnlyList<ServiceCall> calls, IEnumerable<(ObjectKey Caller, ObjectKey Callee)> declared)
    {
        var fixedEdges = declared.ToList();
        var (kept, shared) = Split(calls, fixedEdges, call => call.IsShared);
        var (sound, circular) = Split(kept, fixedEdges, _ => true);
        var stillDeclared = sound.Select(call => (call.Caller, call.Callee)).ToHashSet();
        return (sound, [.. shared.Concat(circular).Where(call => !stillDeclared.Contains((call.Caller, call.Callee)))]);
    }

    private static (List<ServiceCall> Kept, List<ServiceCall> LeftOut) Split(
        IReadOnlyList<ServiceCall> calls, List<(ObjectKey Caller, ObjectKey Callee)> declared, Func<ServiceCall, bool> mayGo)
    {
        var next = calls.Select(call => (call.Caller, call.Callee)).Concat(declared).ToLookup(edge => edge.Caller, edge => edge.Callee);
        var groups = calls.ToLookup(call => mayGo(call) && LeadsBack(call, next));
        return ([.. groups[false]], [.. groups[true]]);
    }

    private static bool LeadsBack(ServiceCall call, ILookup<ObjectKey, ObjectKey> next)
    {
        var reached = new HashSet<ObjectKey> { call.Callee };
        var pending = new Queue<ObjectKey>(reached);
        while (pending.TryDequeue(out var at))
        {
            foreach (var key in next[at].Where(reached.Add))
            {
                pending.Enqueue(key);
            }
        }

        return reached.Contains(call.Caller);
    }
}
