using CsCheck;
using Gateway.Backends;
using Gateway.Policies;

namespace Gateway.Tests.Backends;

public sealed class OutlierEjectionTests
{
    private static readonly TimeSpan Start = TimeSpan.FromHours(1);

    [Fact]
    public void An_instance_with_too_many_errors_in_a_row_is_left_out_for_a_time_that_grows()
    {
        var (ejection, set, options) = (new OutlierEjection(), Set(4), new EjectionOptions(3, TimeSpan.FromSeconds(30), 50));
        var bad = set.Endpoints[0];

        Assert.True(Fail(3, Start));
        Assert.True(bad.Health.IsEjected(Start + TimeSpan.FromSeconds(29)));
        Assert.False(bad.Health.IsEjected(Start + TimeSpan.FromSeconds(30)));

        Assert.True(Fail(3, Start + TimeSpan.FromSeconds(31)));
        Assert.True(bad.Health.IsEjected(Start + TimeSpan.FromSeconds(90)));

        bool Fail(int times, TimeSpan now) => Enumerable.Range(0, times).Select(_ => ejection.Record(bad, set, isError: true, options, now)).ToList()[^1];
    }

    [Fact]
    public void A_success_between_errors_begins_the_count_anew()
    {
        var (ejection, set, options) = (new OutlierEjection(), Set(2), new EjectionOptions(2, TimeSpan.FromSeconds(30), 100));

        Assert.All(Enumerable.Range(0, 10), index => Assert.False(ejection.Record(set.Endpoints[0], set, isError: index % 2 == 0, options, Start)));
    }

    [Fact]
    public void Never_more_than_the_ceiling_are_left_out() =>
        Gen.Select(Gen.Int[1, 10], Gen.Int[0, 100], Gen.Select(Gen.Int[0, 9], Gen.Int[0, 20]).Array[1, 200]).Sample((count, percent, errors) =>
        {
            var (ejection, set, options, now) = (new OutlierEjection(), Set(count), new EjectionOptions(2, TimeSpan.FromSeconds(30), percent), Start);
            foreach (var (which, pause) in errors)
            {
                now += TimeSpan.FromSeconds(pause);
                ejection.Record(set.Endpoints[which % count], set, isError: true, options, now);
                Assert.True(set.Endpoints.Count(endpoint => endpoint.Health.IsEjected(now)) * 100 <= percent * count);
            }
        });

    private static EndpointSet Set(int count) => new([.. Enumerable.Range(1, count).Select(number => new BackendEndpoint($"10.0.0.{number}", 80, "10.0.0.1"))], isHttp2: false);
}
