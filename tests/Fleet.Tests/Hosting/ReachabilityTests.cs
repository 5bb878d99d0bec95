using System.Net;
using Fleet.Hosting.Readiness;
using Fleet.Tests.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Fleet.Tests.Hosting;

public sealed class ReachabilityTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly Reachability _reachability;

    public ReachabilityTests() => _reachability = new Reachability(FleetServices.Named("order"), _time);

    [Fact]
    public void Only_required_dependencies_are_waited_for() =>
        Assert.Equal(["user", "product", "inventory", "payment"], _reachability.Unreached());

    [Fact]
    public void An_answer_counts_for_the_window_and_not_longer()
    {
        AnswerAll(HttpStatusCode.OK);
        Assert.Empty(_reachability.Unreached());

        _time.Advance(Reachability.Window);
        Assert.Empty(_reachability.Unreached());

        _time.Advance(TimeSpan.FromTicks(1));
        _reachability.Answered("payment", HttpStatusCode.OK);
        Assert.Equal(["user", "product", "inventory"], _reachability.Unreached());
    }

    [Theory]
    [InlineData(HttpStatusCode.BadRequest, true)]
    [InlineData(HttpStatusCode.InternalServerError, true)]
    [InlineData(HttpStatusCode.BadGateway, false)]
    [InlineData(HttpStatusCode.ServiceUnavailable, false)]
    [InlineData(HttpStatusCode.GatewayTimeout, false)]
    public void A_service_is_reached_when_it_answers_itself(HttpStatusCode status, bool reached)
    {
        AnswerAll(status);

        Assert.Equal(reached, _reachability.Unreached().Count == 0);
    }

    private void AnswerAll(HttpStatusCode status)
    {
        foreach (var dependency in new[] { "user", "product", "inventory", "payment" })
        {
            _reachability.Answered(dependency, status);
        }
    }
}
