using Compliance.Retention;
using ControlPlane.Api.Access;
using ControlPlane.Api.Audit.Erasures;
using ControlPlane.Web.Formatting;
using Microsoft.AspNetCore.Components;

namespace ControlPlane.Web.Retention;

/// <summary>Finds a person's data, says what would be erased and what would stay, and erases. What the person is known by stays in this component.</summary>
public sealed partial class ErasurePanel
{
    private readonly HashSet<string> _chosen = new(StringComparer.Ordinal);
    private string _identifier = "";
    private string _reference = "";
    private string _foundFor = "";
    private IReadOnlyList<FoundSubject>? _found;
    private IReadOnlyList<ErasureView>? _done;

    [Inject]
    private Authorizer Authorizer { get; set; } = null!;

    [Inject]
    private SubjectSearch Subjects { get; set; } = null!;

    [Inject]
    private EraseCommand Erasing { get; set; } = null!;

    private static bool HasData(FoundSubject subject) => subject.Goes.Count + subject.Loose + subject.Stays.Count > 0;

    private static string Erased(FoundSubject subject)
    {
        List<string> parts = [.. subject.Goes.Select(static field => $"{IndianNumber.Count(field.Value)} {field.Key}")];
        if (subject.Loose > 0)
        {
            parts.Add($"{IndianNumber.Count(subject.Loose)} of no entry any more");
        }

        return parts.Count == 0 ? "nothing" : string.Join(", ", parts);
    }

    private static string Why(KeptData kept) => kept switch
    {
        { Hold: { } hold } => $"the legal hold {hold} keeps them",
        { Rule: { } rule, Until: { } until } => $"{rule} wants them kept, the first until {ClassesPanel.Day(until)}",
        _ => "no rule in force speaks of the class of their entries, so nobody can say that they may go",
    };

    private static string Said(IReadOnlyList<ErasureView> done)
    {
        var kept = done.Sum(static certificate => certificate.Kept);
        return $"{IndianNumber.Of(done.Sum(static certificate => certificate.Erased), "datum was", "data were")} erased{(kept > 0 ? $", {IndianNumber.Count(kept)} must stay for now" : "")}";
    }

    private Task FindAsync()
    {
        (_found, _done) = (null, null);
        return AskAsync(
            cancel => Subjects.FindAsync(_identifier, _reference, cancel),
            found =>
            {
                (_found, _foundFor, _identifier) = (found, _reference.Trim(), "");
                _chosen.Clear();
                _chosen.UnionWith(found.Where(HasData).Select(static subject => subject.Subject));
            });
    }

    private void Choose(string subject, bool chosen)
    {
        if (chosen)
        {
            _chosen.Add(subject);
        }
        else
        {
            _chosen.Remove(subject);
        }
    }

    private Task EraseAsync(string? reason) =>
        AskAsync(cancel => Erasing.RunAsync(new ErasureDraft([.. _chosen], _foundFor, reason), cancel), done => (_done, _found) = (done, null));
}
