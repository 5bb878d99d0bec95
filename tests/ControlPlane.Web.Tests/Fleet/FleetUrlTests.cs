using ControlPlane.Api.Fleet;
using ControlPlane.Api.Problems;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Web.Fleet;
using CsCheck;

namespace ControlPlane.Web.Tests.Fleet;

public class FleetUrlTests
{
    private static readonly Gen<string> Word = Gen.String[Gen.Char["abcö &=?#%+/-"], 1, 8].Where(word => word.Trim().Length > 0);

    private static readonly Gen<FleetUrl> Urls =
        from text in Gen.OneOf(Gen.Const((string?)null), Word.Select(word => (string?)word))
        from namespaces in Some(Word)
        from teams in Some(Word)
        from tiers in Some(Gen.Enum<ServiceTier>())
        from healths in Some(Gen.Enum<ServiceHealth>())
        from drifted in Gen.Bool
        from sort in Gen.Enum<FleetSort>()
        from reversed in Gen.Bool
        select new FleetUrl(
            new FleetFilter { Text = text, Namespaces = namespaces, Teams = teams, Tiers = tiers, Healths = healths, Drifted = drifted, Sort = sort, Descending = reversed },
            Selected: null);

    private static Gen<T[]> Some<T>(Gen<T> one) => one.Array[0, 3].Select(all => all.Distinct().ToArray());

    [Fact]
    public void An_address_brings_back_what_was_shown() => Urls.Sample(url =>
    {
        var read = FleetUrl.Read($"http://console{url.Write()}").Filter;

        Assert.Equal(url.Filter.Text, read.Text);
        Assert.Equal(url.Filter.Namespaces, read.Namespaces);
        Assert.Equal(url.Filter.Teams, read.Teams);
        Assert.Equal(url.Filter.Tiers, read.Tiers);
        Assert.Equal(url.Filter.Healths, read.Healths);
        Assert.Equal((url.Filter.Drifted, url.Filter.Sort, url.Filter.Descending), (read.Drifted, read.Sort, read.Descending));
    });

    [Fact]
    public void The_whole_fleet_has_the_bare_address() => Assert.Equal("/", new FleetUrl(new FleetFilter(), Selected: null).Write());

    [Fact]
    public void The_words_are_those_of_the_REST_list() =>
        Assert.Equal("/?q=pay&health=degraded&sort=-repairs&selected=shop%2Fpayment", new FleetUrl(
            new FleetFilter { Text = "pay", Healths = [ServiceHealth.Degraded], Sort = FleetSort.Repairs, Descending = true },
            new ObjectKey("shop", "payment")).Write());

    [Theory]
    [InlineData("health=fine", "health")]
    [InlineData("sort=colour", "sort")]
    [InlineData("tier=9", "tier")]
    public void A_value_that_can_not_be_is_named(string query, string field)
    {
        var refusal = Assert.Throws<RequestException>(() => FleetUrl.Read($"http://console/?{query}"));

        Assert.Equal(field, refusal.Field);
    }

    [Fact]
    public void A_column_sorts_the_other_way_round_the_second_time()
    {
        var column = FleetColumn.All.Single(column => column.Sort == FleetSort.Repairs);
        var once = column.Sorted(new FleetFilter());

        Assert.Equal("descending", column.AriaSort(once)); // who sorts by drift looks for the worst
        Assert.Equal("ascending", column.AriaSort(column.Sorted(once)));
        Assert.Null(FleetColumn.All[0].AriaSort(once));
    }
}
