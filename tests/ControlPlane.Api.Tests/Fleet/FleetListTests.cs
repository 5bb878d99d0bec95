using System.Net;
using ControlPlane.Api.Tests.Testing;

namespace ControlPlane.Api.Tests.Fleet;

public sealed class FleetListTests(RunningControlPlane running)
{
    [Fact]
    public async Task Services_are_found_by_team_tier_and_words()
    {
        var ns = await DeclareAsync();

        Assert.Equal(["cart", "order", "payment", "product", "user"], await NamesAsync($"namespace={ns}"));
        Assert.Equal(["order", "payment"], await NamesAsync($"namespace={ns}&team=money"));
        Assert.Equal(["order"], await NamesAsync($"namespace={ns}&team=money&tier=critical"));
        Assert.Equal(["cart", "product", "user"], await NamesAsync($"namespace={ns}&q=SHOPFRONT"));
        Assert.Equal(["product"], await NamesAsync($"namespace={ns}&q=shopfront prod"));
        Assert.Empty(await NamesAsync($"namespace={ns}&drifted=true"));
    }

    [Fact]
    public async Task Services_are_sorted_either_way()
    {
        var ns = await DeclareAsync();

        Assert.Equal(["user", "product", "payment", "order", "cart"], await NamesAsync($"namespace={ns}&sort=-name"));
        Assert.Equal(["order", "payment", "cart", "product", "user"], await NamesAsync($"namespace={ns}&sort=team"));
    }

    [Theory]
    [InlineData("name")]
    [InlineData("-team")]
    public async Task Pages_show_every_service_once(string sort)
    {
        var ns = await DeclareAsync();
        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = (await running.GetAsync($"/api/v1/services?namespace={ns}&sort={sort}&limit=2{(cursor is null ? "" : $"&cursor={cursor}")}")).Ok();
            Assert.Equal(5, (int)page["total"]!);
            seen.AddRange(page["items"]!.AsArray().Select(item => (string)item!["name"]!));
            cursor = (string?)page["nextCursor"];
        }
        while (cursor is not null && seen.Count <= 5);

        Assert.Equal(await NamesAsync($"namespace={ns}&sort={sort}"), seen);
    }

    [Theory]
    [InlineData("cursor=nonsense", "cursor")]
    [InlineData("cursor=", "cursor")]
    [InlineData("cursor=e30", "cursor")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=501", "limit")]
    [InlineData("sort=colour", "sort")]
    [InlineData("tier=Golden", "tier")]
    [InlineData("health=5", "health")]
    [InlineData("limit=many", "limit")]
    [InlineData("drifted=perhaps", "drifted")]
    public async Task A_parameter_that_makes_no_sense_is_named(string query, string field) =>
        Assert.Equal(field, (string)(await running.GetAsync($"/api/v1/services?{query}")).Problem(HttpStatusCode.BadRequest)["field"]!);

    private async Task<string> DeclareAsync()
    {
        var ns = await running.NamespaceAsync();
        (string Name, string Team, string Tier)[] services =
            [("user", "shopfront", "High"), ("order", "money", "Critical"), ("payment", "money", "High"), ("product", "shopfront", "Standard"), ("cart", "shopfront", "Standard")];
        foreach (var (name, team, tier) in services)
        {
            await running.Cluster.ApplyAsync(Declarations.Service(ns, name, team, tier));
            await running.DeclaredAsync(new(ns, name));
        }

        return ns;
    }

    private async Task<IReadOnlyList<string>> NamesAsync(string query) =>
        [.. (await running.GetAsync($"/api/v1/services?{query}")).Ok()["items"]!.AsArray().Select(item => (string)item!["name"]!)];
}
