using ControlPlane.Kubernetes.Events;
using ControlPlane.Kubernetes.Tests.Testing;

namespace ControlPlane.Kubernetes.Tests.Events;

public sealed class EventBudgetTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 23, 10, 30, 0, TimeSpan.Zero);

    private readonly EventBudget _budget = new();

    [Fact]
    public void An_object_may_have_25_events_at_once()
    {
        var spent = Enumerable.Range(0, 30).Count(_ => _budget.TrySpend(Of("a"), Start));

        Assert.Equal(25, spent);
        Assert.True(_budget.TrySpend(Of("b"), Start));
    }

    [Fact]
    public void And_then_one_every_five_minutes()
    {
        SpendAll();

        Assert.False(_budget.TrySpend(Of("a"), Start.AddMinutes(5).AddTicks(-1)));
        Assert.True(_budget.TrySpend(Of("a"), Start.AddMinutes(5)));
        Assert.False(_budget.TrySpend(Of("a"), Start.AddMinutes(5)));
    }

    [Fact]
    public void A_quiet_time_saves_no_more_than_25()
    {
        SpendAll();
        var later = Start.AddDays(1);

        Assert.Equal(25, Enumerable.Range(0, 30).Count(_ => _budget.TrySpend(Of("a"), later)));
    }

    [Fact]
    public void What_is_spent_is_remembered_until_it_is_whole_again()
    {
        SpendAll();
        _budget.Forget(Start.AddMinutes(124));
        Assert.Equal(24, Enumerable.Range(0, 30).Count(_ => _budget.TrySpend(Of("a"), Start.AddMinutes(124))));
    }

    private static EventSubject Of(string name) => new(Widget.Type, Widget.Key(name), Uid: null);

    private void SpendAll()
    {
        while (_budget.TrySpend(Of("a"), Start))
        {
        }
    }
}
