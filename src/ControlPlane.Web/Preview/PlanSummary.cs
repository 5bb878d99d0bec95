using ControlPlane.Api.Plans;
using ControlPlane.Web.Formatting;

namespace ControlPlane.Web.Preview;

/// <summary>Says in a line what a plan comes to.</summary>
internal static class PlanSummary
{
    private static readonly (PlannedAction Action, string Word)[] Words =
    [
        (PlannedAction.Create, "created"),
        (PlannedAction.Update, "updated"),
        (PlannedAction.Delete, "deleted"),
        (PlannedAction.Refuse, "refused"),
        (PlannedAction.Unchanged, "unchanged"),
    ];

    /// <summary>Such as <c>2 created, 1 refused</c>.</summary>
    public static string Of(IEnumerable<PlannedAction> actions)
    {
        var counts = actions.CountBy(action => action).ToDictionary();
        return string.Join(", ", Words.Where(word => counts.ContainsKey(word.Action)).Select(word => $"{IndianNumber.Count(counts[word.Action])} {word.Word}"));
    }
}
