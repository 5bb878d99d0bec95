using Bunit;
using ControlPlane.Api.Access;
using ControlPlane.Api.Traffic.Generator;
using ControlPlane.Kubernetes.Resources.Traffic.Readings;
using ControlPlane.Web.Tests.Testing;
using ControlPlane.Web.Traffic;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Operators.Metrics;

namespace ControlPlane.Web.Tests.Traffic;

public sealed class TrafficPageTests : ConsoleTest
{
    private readonly FakeMetrics _metrics = new();
    private readonly FakeGenerator _generator = new();

    public TrafficPageTests()
    {
        Console.Services.AddSingleton<IMetricsProvider>(_metrics);
        Console.Services.AddSingleton<ITrafficGenerator>(_generator);
        _metrics.Series = [Flow("", "shop/order", 600, errors: 60), Flow("shop/order", "shop/payment", 300)];
    }

    [Fact]
    public void The_table_tells_rate_errors_latency_and_circuit_of_each_pair()
    {
        Console.Show(Samples.Service("order"));
        _metrics.Circuits = [new("shop/payment", CircuitCondition.Open)];

        var page = Open("/traffic?view=table");

        Assert.Equal(
            [
                "Many errors Outside shop/order 2.0/s 90.0 % 100 ms 910 ms 982 ms – –",
                "Circuit open shop/order shop/payment 1.0/s 100 % 100 ms 910 ms 982 ms – open",
            ],
            Rows(page));
    }

    [Fact]
    public void The_picture_has_the_same_for_those_who_hear_it_and_arrow_keys_lead_through_it()
    {
        var page = Open("/traffic");

        Assert.Contains(page.FindAll("svg path title"), title => title.TextContent.StartsWith("Outside calls shop/order: 2.0/s, 90.0 % without error", StringComparison.Ordinal));
        Assert.Single(page.FindAll("svg a[tabindex='0']")); // one stop of the tab key
        var before = page.Find("svg a[tabindex='0']").GetAttribute("href");
        page.Find("svg[role=group]").KeyDown(new KeyboardEventArgs { Key = "ArrowLeft" });
        Assert.NotEqual(before, page.Find("svg a[tabindex='0']").GetAttribute("href"));
    }

    [Fact]
    public void A_picture_stays_where_it_is_while_only_its_numbers_change()
    {
        var page = Open("/traffic");
        var before = page.FindAll("svg a[transform]").Select(node => node.GetAttribute("transform")).ToList();

        _metrics.Series = [Flow("shop/order", "shop/payment", 3_000), Flow("", "shop/order", 60)];
        page.WaitForAssertion(() => Assert.Contains("10/s", page.Markup, StringComparison.Ordinal)); // it asks again by itself

        Assert.Equal(before, page.FindAll("svg a[transform]").Select(node => node.GetAttribute("transform")));
    }

    [Fact]
    public void The_address_narrows_and_says_to_what()
    {
        _metrics.Series = [.. _metrics.Series, Flow("", "shop/product", 900)];

        Assert.Equal(2, Rows(Open("/traffic?view=table&focus=shop/order")).Count());
        Assert.Contains("Only what shop/order sends and gets.", Words(Open("/traffic?focus=shop/order").Find(".focus").TextContent), StringComparison.Ordinal);
        Assert.Single(Rows(Open("/traffic?view=table&q=product")));
        Assert.Contains("No traffic matches", Open("/traffic?q=nothing").Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void A_word_that_makes_no_sense_and_a_source_that_does_not_answer_are_told()
    {
        Assert.Contains("'9m' is none of 1m, 5m, 15m", Open("/traffic?window=9m").Markup, StringComparison.Ordinal);

        _metrics.Failure = new MetricsException(MetricsFailure.TimedOut, "Prometheus did not answer within 10 s");
        Assert.Contains("Prometheus did not answer within 10 s.", Open("/traffic").Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_traffic_it_says_so()
    {
        _metrics.Series = [];

        Assert.Contains("No traffic in this time", Open("/traffic").Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Made_up_shoppers_are_turned_on_by_who_may_and_others_are_told_why_not()
    {
        var page = Open("/traffic");
        page.Find("input[type=checkbox]").Change(true);
        page.Find("input[type=number]").Change("12.5");
        page.Find("form").Submit();
        page.WaitForAssertion(() => Assert.Equal(new GeneratorSettings(On: true, 12.5, 1440), _generator.Status.Settings));
        Assert.Contains(Console.Log.Events, item => item.Action == "traffic.generate");

        Console.SignIn(Role.Viewer);
        var seen = Open("/traffic");
        Assert.Empty(seen.FindAll("form"));
        Assert.Contains("Changing it takes the right to send made-up traffic", seen.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_there_is_no_embedded_cluster_it_says_plainly_that_there_are_no_made_up_shoppers()
    {
        await using var elsewhere = new ConsoleContext();
        elsewhere.Services.AddSingleton<IMetricsProvider>(_metrics);
        elsewhere.GoTo("/traffic");

        Assert.Contains(GeneratorControl.Absence, elsewhere.Render<TrafficPage>().Markup, StringComparison.Ordinal);
    }

    private static TrafficSeries Flow(string source, string service, double requests, double errors = 0) => new(
        new(source, service, "1.0.0", "shop/route"), new(requests, errors, 0, 0), new LatencyHistogram([0.1, 1], [requests / 2, requests / 2, 0]));

    private static string Words(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static IEnumerable<string> Rows(IRenderedComponent<TrafficPage> page) =>
        [.. page.FindAll("tbody tr").Where(row => row.Children.Length > 1).Select(row => string.Join(' ', row.Children.Select(cell => Words(cell.TextContent))))];

    private IRenderedComponent<TrafficPage> Open(string address)
    {
        Console.GoTo(address);
        return Console.Render<TrafficPage>();
    }

    private sealed class FakeMetrics : IMetricsProvider
    {
        public volatile IReadOnlyList<TrafficSeries> Series = [];

        public IReadOnlyList<CircuitReading> Circuits { get; set; } = [];

        public MetricsException? Failure { get; set; }

        public string Name => "embedded";

        public TimeSpan Retention => TimeSpan.FromMinutes(15);

        public Task<TrafficReading> ReadAsync(TrafficQuestion question, CancellationToken cancellationToken) =>
            Failure is { } failure ? Task.FromException<TrafficReading>(failure) : Task.FromResult(new TrafficReading(question.From, question.To, Series));

        public Task<IReadOnlyList<CircuitReading>> ReadCircuitsAsync(CancellationToken cancellationToken) => Task.FromResult(Circuits);

        public Task<double> EvaluateAsync(string expression, DateTimeOffset at, CancellationToken cancellationToken) => Task.FromResult(0d);
    }

    private sealed class FakeGenerator : ITrafficGenerator
    {
        public GeneratorStatus Status { get; private set; } = new(new GeneratorSettings(On: false, 5, 1440), "http://127.0.0.1:5082", 12, 0, 0, 0, 0);

        public (string Field, string Message)? ProblemOf(GeneratorSettings settings) => null;

        public void Set(GeneratorSettings settings) => Status = Status with { Settings = settings };
    }
}
