using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Status;

namespace ControlPlane.Kubernetes.Tests.Status;

public sealed class ConditionsTests
{
    private static readonly DateTimeOffset Before = new(2026, 11, 23, 10, 30, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 10, 31, 5, 999, TimeSpan.Zero);
    private static readonly DateTimeOffset Second = new(2026, 11, 23, 10, 31, 5, TimeSpan.Zero);

    [Fact]
    public void A_condition_that_is_new_has_just_come_about() =>
        Assert.Equal([Ready("True") with { LastTransitionTime = Second, ObservedGeneration = 7 }], Update([], Ready("True")));

    [Fact]
    public void A_condition_whose_status_stays_keeps_its_time_whatever_else_is_said_of_it()
    {
        var updated = Update([Ready("False") with { LastTransitionTime = Before }], Ready("False") with { Reason = "Other", Message = "other" });

        Assert.Equal([new() { Type = "Ready", Status = "False", Reason = "Other", Message = "other", ObservedGeneration = 7, LastTransitionTime = Before }], updated);
    }

    [Fact]
    public void A_condition_whose_status_changes_changed_now() =>
        Assert.Equal(Second, Assert.Single(Update([Ready("False") with { LastTransitionTime = Before }], Ready("True"))).LastTransitionTime);

    [Fact]
    public void The_time_that_a_caller_gives_is_ignored() =>
        Assert.Equal(Second, Assert.Single(Update([], Ready("True") with { LastTransitionTime = Before })).LastTransitionTime);

    [Fact]
    public void A_condition_that_no_longer_holds_a_meaning_is_dropped()
    {
        var updated = Update([Ready("True"), new() { Type = "Old", Status = "True", Reason = "X" }], Ready("True"));

        Assert.Equal(["Ready"], updated.Select(condition => condition.Type));
    }

    [Fact]
    public void Conditions_are_found_by_type()
    {
        IReadOnlyList<Condition> conditions = [Ready("False"), new() { Type = "Accepted", Status = "True", Reason = "X" }];

        Assert.True(conditions.IsTrue("Accepted"));
        Assert.False(conditions.IsTrue("Ready"));
        Assert.False(conditions.IsTrue("Programmed"));
        Assert.Equal("False", conditions.Find("Ready")?.Status);
        Assert.Null(conditions.Find("Programmed"));
    }

    private static Condition Ready(string status) => new() { Type = "Ready", Status = status, Reason = "X" };

    private static IReadOnlyList<Condition> Update(IReadOnlyList<Condition> previous, params Condition[] present) =>
        Conditions.Update(previous, present, generation: 7, Now);
}
