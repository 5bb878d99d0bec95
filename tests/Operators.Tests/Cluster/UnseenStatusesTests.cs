using System.Text;
using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Resources;
using Microsoft.Extensions.Time.Testing;
using Operators.Cluster;
using Operators.Tests.Testing;

namespace Operators.Tests.Cluster;

public sealed class UnseenStatusesTests : IDisposable
{
    private static readonly ManagedServiceStatus Written = new() { Version = "2.0.0" };

    private readonly KnownFleet _fleet = new();
    private readonly WriteTracker _tracker = new(new FakeTimeProvider());
    private readonly UnseenStatuses<ManagedService, ManagedServiceStatus> _statuses;

    public UnseenStatusesTests() => _statuses = new(_fleet.Caches.Services, _tracker, static (service, status) => service with { Status = status });

    public void Dispose() => _fleet.Dispose();

    [Fact]
    public void A_status_stands_in_for_the_cached_one_until_the_cache_shows_it_and_is_let_go_then()
    {
        var cached = _fleet.Declare(Samples.Service("order"));
        Write(cached, "1000");

        Assert.Equal("2.0.0", _statuses.WithFreshest(cached).Status?.Version);

        Show(cached, "999");
        Assert.Equal(1, _statuses.Count);

        Show(cached, "1000");
        Assert.Equal(0, _statuses.Count);
        Assert.Null(_statuses.WithFreshest(_fleet.Caches.Services.Cache.Find(cached.Metadata.Key)!).Status);
    }

    [Fact]
    public void A_status_whose_echo_was_faster_than_the_answer_is_not_kept()
    {
        var cached = _fleet.Declare(Samples.Service("order"));
        Show(cached, "1000");

        Write(cached, "1000");

        Assert.Equal(0, _statuses.Count);
    }

    [Fact]
    public void A_status_goes_with_its_service()
    {
        var cached = _fleet.Declare(Samples.Service("order"));
        Write(cached, "1000");

        _fleet.Withdraw(cached.Metadata.Key);

        Assert.Equal(0, _statuses.Count);
    }

    private void Write(ManagedService service, string version)
    {
        var stored = Encoding.UTF8.GetBytes($$$"""{"metadata":{"resourceVersion":"{{{version}}}"}}""");
        _tracker.Wrote(ManagedService.ResourceType, service.Metadata.Key, stored, service.Metadata.ResourceVersion, fingerprint: "");
        _statuses.Wrote(service.Metadata.Key, Written);
    }

    private void Show(ManagedService service, string version) =>
        _fleet.Caches.Services.Cache.Upsert(service with { Metadata = service.Metadata with { ResourceVersion = version } });
}
