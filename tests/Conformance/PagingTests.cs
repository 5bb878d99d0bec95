using System.Net;
using Conformance.Cluster;

namespace Conformance;

public sealed class PagingTests(TestCluster cluster) : ClusterTest(cluster)
{
    private const string OfTest = "labelSelector=of%3Dtest";

    [Fact]
    public async Task Pages_show_all_objects_once_and_in_order()
    {
        var names = await CreateAsync(10);

        var pages = new List<Answer>();
        for (var token = ""; pages.Count == 0 || token is { Length: > 0 }; token = pages[^1].Text("metadata.continue"))
        {
            pages.Add((await ConfigMaps.ListAsync($"{OfTest}&limit=4&continue={Uri.EscapeDataString(token!)}")).Expect(HttpStatusCode.OK));
        }

        Assert.Equal([4, 4, 2], pages.Select(page => page.Items.Count));
        Assert.Equal(names, pages.SelectMany(page => page.Names));
        Assert.Single(pages.Select(page => page.ResourceVersion).Distinct());
    }

    [Fact]
    public async Task Later_pages_show_the_state_of_the_first()
    {
        var names = await CreateAsync(4);
        var first = await ConfigMaps.ListAsync($"{OfTest}&limit=2");
        await ConfigMaps.DeleteAsync(names[2]);
        await CreateOneAsync("zz-later");

        var second = await ConfigMaps.ListAsync($"{OfTest}&limit=10&continue={first.Text("metadata.continue")}");

        Assert.Equal(names[2..], second.Expect(HttpStatusCode.OK).Names);
        Assert.Equal(first.ResourceVersion, second.ResourceVersion);
    }

    [Fact]
    public async Task How_many_remain_is_told_when_nothing_is_selected()
    {
        await CreateAsync(5);
        var all = (await ConfigMaps.ListAsync()).Items.Count;

        Assert.Equal($"{all - 2}", (await ConfigMaps.ListAsync("limit=2")).Text("metadata.remainingItemCount"));
        Assert.Null((await ConfigMaps.ListAsync($"limit=2&{OfTest}")).Text("metadata.remainingItemCount"));
    }

    [Fact]
    public async Task A_token_that_is_none_is_a_bad_request() =>
        (await ConfigMaps.ListAsync("limit=2&continue=nonsense")).ExpectFailure(HttpStatusCode.BadRequest, "BadRequest");

    [Fact]
    public async Task A_token_and_a_resourceVersion_do_not_go_together()
    {
        await CreateAsync(3);
        var first = await ConfigMaps.ListAsync("limit=1");

        var refused = await ConfigMaps.ListAsync($"limit=1&resourceVersion={first.ResourceVersion}&continue={first.Text("metadata.continue")}");

        refused.ExpectFailure(HttpStatusCode.BadRequest, "BadRequest");
    }

    [Fact]
    public async Task An_exact_resourceVersion_shows_the_past()
    {
        var names = await CreateAsync(2);
        var then = await ConfigMaps.ListAsync(OfTest);
        await ConfigMaps.DeleteAsync(names[0]);

        var past = await ConfigMaps.ListAsync($"{OfTest}&resourceVersion={then.ResourceVersion}&resourceVersionMatch=Exact");

        Assert.Equal(names, past.Expect(HttpStatusCode.OK).Names);
        Assert.Equal(then.ResourceVersion, past.ResourceVersion);
    }

    [Fact]
    public async Task A_list_that_must_not_be_older_is_not_older()
    {
        var names = await CreateAsync(1);
        var created = await ConfigMaps.GetAsync(names[0]);

        var list = await ConfigMaps.ListAsync($"{OfTest}&resourceVersion={created.ResourceVersion}&resourceVersionMatch=NotOlderThan");

        Assert.Equal(names, list.Expect(HttpStatusCode.OK).Names);
    }

    [Theory]
    [InlineData("resourceVersionMatch=Exact")]
    [InlineData("resourceVersionMatch=Exact&resourceVersion=0")]
    [InlineData("resourceVersionMatch=Sometimes&resourceVersion=1")]
    [InlineData("resourceVersion=abc")]
    public async Task Options_that_make_no_sense_are_refused(string query) =>
        Assert.Contains((await ConfigMaps.ListAsync(query)).Code, new[] { HttpStatusCode.BadRequest, HttpStatusCode.UnprocessableEntity });

    private async Task<string[]> CreateAsync(int count)
    {
        var names = Enumerable.Range(0, count).Select(i => $"item-{i}").ToArray();
        foreach (var name in names)
        {
            await CreateOneAsync(name);
        }

        return names;
    }

    private async Task CreateOneAsync(string name) =>
        (await ConfigMaps.CreateAsync(ConfigMap(name, metadata: """, "labels": {"of": "test"}"""))).Expect(HttpStatusCode.Created);
}
