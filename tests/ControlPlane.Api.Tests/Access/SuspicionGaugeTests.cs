using System.Net;
using Compliance.Audit.Testing;
using ControlPlane.Api.Access;
using ControlPlane.Api.Access.Suspicion;
using ControlPlane.Api.Tests.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace ControlPlane.Api.Tests.Access;

public sealed class SuspicionGaugeTests : IDisposable
{
    private const string Asha = "u_asha";
    private const string Firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 27, 6, 0, 0, TimeSpan.Zero));
    private readonly InMemoryAuditLog _audit = new();
    private readonly FakeLogger<SuspicionGauge> _log = new();
    private readonly TestStore _store = new();
    private readonly SuspicionGauge _gauge;

    private readonly BlockList _blocks;

    public SuspicionGaugeTests()
    {
        _blocks = NewList();
        _gauge = GaugeWith(new AccessOptions(), _blocks);
    }

    public void Dispose()
    {
        _blocks.Dispose();
        _store.Dispose();
    }

    [Theory]
    [InlineData(Firefox, 1, 0, false, 0)]
    [InlineData("curl/8.1", 1, 0, false, 30)]
    [InlineData("", 1, 0, false, 30)]
    [InlineData("Mozilla/5.0 (compatible; Googlebot/2.1)", 1, 0, false, 30)]
    [InlineData(Firefox, 1000, 0, false, 0)]
    [InlineData(Firefox, 1001, 0, false, 50)]
    [InlineData(Firefox, 0, 10, false, 0)]
    [InlineData(Firefox, 0, 11, false, 60)]
    [InlineData(Firefox, 0, 0, true, 40)]
    [InlineData("curl/8.1", 1001, 11, true, 180)]
    public async Task The_score_is_the_sum_of_what_mission_row_27_says(string agent, int requests, int failures, bool newPlace, int score)
    {
        await SuspectAsync(From("203.0.113.7", agent), requests, failures, newPlace);

        Assert.Equal(score > 40 ? score : 0, _gauge.List().SingleOrDefault()?.Score ?? 0);
    }

    [Fact]
    public async Task Over_70_blocks_with_an_alert_and_an_entry_and_over_40_is_noted()
    {
        var from = From("203.0.113.7", "curl/8.1");
        await SuspectAsync(from, requests: 1001, failures: 0, newPlace: false);

        Assert.True(_gauge.IsBlocked(from, Asha));
        Assert.False(_gauge.IsBlocked(from, "u_ravi"));
        Assert.False(_gauge.IsBlocked(From("203.0.113.8", "curl/8.1"), Asha));
        Assert.Equal("suspicion.block", Assert.Single(_audit.Events).Action);
        Assert.Contains(_log.Collector.GetSnapshot(), record => record.Level == LogLevel.Error && record.Message.StartsWith("ALERT", StringComparison.Ordinal));
        Assert.All(_log.Collector.GetSnapshot(), record => Assert.DoesNotContain("203.0.113.7", record.Message, StringComparison.Ordinal));

        await SuspectAsync(From("203.0.113.9", Firefox), requests: 1001, failures: 0, newPlace: false);
        Assert.False(_gauge.IsBlocked(From("203.0.113.9", Firefox), Asha));
        Assert.Contains(_log.Collector.GetSnapshot(), record => record.Level == LogLevel.Warning);
    }

    [Fact]
    public async Task A_block_ends_by_itself_and_can_be_lifted_before()
    {
        var from = From("203.0.113.7", "curl/8.1");
        await SuspectAsync(from, requests: 1001, failures: 0, newPlace: false);
        _time.Advance(TimeSpan.FromMinutes(61));
        Assert.False(_gauge.IsBlocked(from, Asha));
        Assert.Empty(_gauge.List());

        await SuspectAsync(from, requests: 1001, failures: 0, newPlace: false);
        Assert.True(_gauge.IsBlocked(from, Asha));
        Assert.True(await _gauge.UnblockAsync(from.Address, Asha, TestContext.Current.CancellationToken));
        Assert.False(_gauge.IsBlocked(from, Asha));
    }

    [Fact]
    public async Task This_machine_and_trusted_networks_are_never_blocked()
    {
        var gauge = GaugeWith(new AccessOptions { TrustedNetworks = [IPNetwork.Parse("10.0.0.0/8")] });
        foreach (var from in (Visitor[])[From("127.0.0.1", "curl/8.1") with { IsLocal = true }, From("10.1.2.3", "curl/8.1")])
        {
            for (var i = 0; i < 1100; i++)
            {
                await gauge.RequestAsync(from, Asha, TestContext.Current.CancellationToken);
            }

            Assert.False(gauge.IsBlocked(from, Asha));
        }
    }

    [Fact]
    public async Task A_block_holds_at_every_replica_and_so_does_its_end()
    {
        using var blocks = NewList();
        var other = GaugeWith(new AccessOptions(), blocks);
        var from = From("203.0.113.7", "curl/8.1");
        await SuspectAsync(from, requests: 1001, failures: 0, newPlace: false);
        await blocks.RefreshAsync(TestContext.Current.CancellationToken);

        Assert.True(other.IsBlocked(from, Asha));
        Assert.Equal(_gauge.List(), other.List());

        Assert.True(await other.UnblockAsync(from.Address, Asha, TestContext.Current.CancellationToken));
        await _blocks.RefreshAsync(TestContext.Current.CancellationToken);
        Assert.False(_gauge.IsBlocked(from, Asha));
        await _gauge.RequestAsync(from, Asha, TestContext.Current.CancellationToken);
        Assert.False(_gauge.IsBlocked(from, Asha)); // what he was suspected of is forgotten here, too
        Assert.Empty(_gauge.List());
    }

    [Fact]
    public async Task Both_block_the_same_and_it_ends_for_both()
    {
        using var blocks = NewList();
        var from = From("203.0.113.7", "curl/8.1");
        var other = GaugeWith(new AccessOptions(), blocks);
        await SuspectAsync(from, requests: 1001, failures: 0, newPlace: false);
        for (var i = 0; i < 1001; i++)
        {
            await other.RequestAsync(from, Asha, TestContext.Current.CancellationToken);
        }

        Assert.True(_gauge.IsBlocked(from, Asha) && other.IsBlocked(from, Asha));
        _time.Advance(TimeSpan.FromMinutes(61));
        await blocks.RefreshAsync(TestContext.Current.CancellationToken);
        Assert.False(_gauge.IsBlocked(from, Asha) || other.IsBlocked(from, Asha));
        Assert.Empty(blocks.Standing);
    }

    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7")]
    [InlineData("::ffff:203.0.113.7", "203.0.113.7")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    [InlineData("::1", "::1")]
    public void An_IPv6_customer_is_one_place_whatever_address_he_picks(string address, string place) => Assert.Equal(place, Visitor.Place(IPAddress.Parse(address)));

    private static Visitor From(string address, string agent) => new(address, agent, CorrelationId: null);

    private SuspicionGauge GaugeWith(AccessOptions options) => GaugeWith(options, NewList());

    private SuspicionGauge GaugeWith(AccessOptions options, BlockList blocks) => new(options, blocks, new AccessAudit(_audit, _time), _time, _log);

    private BlockList NewList() => new(_store, _time, NullLogger<BlockList>.Instance);

    private async Task SuspectAsync(Visitor from, int requests, int failures, bool newPlace)
    {
        for (var i = 0; i < requests; i++)
        {
            await _gauge.RequestAsync(from, Asha, TestContext.Current.CancellationToken);
        }

        for (var i = 0; i < failures; i++)
        {
            await _gauge.FailedSignInAsync(from, Asha, TestContext.Current.CancellationToken);
        }

        if (newPlace)
        {
            await _gauge.NewPlaceAsync(from, Asha, TestContext.Current.CancellationToken);
        }
    }
}
