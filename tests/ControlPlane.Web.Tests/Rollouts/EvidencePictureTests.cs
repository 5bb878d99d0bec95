using ControlPlane.Api.Rollouts;
using ControlPlane.Api.Tests.Rollouts;
using ControlPlane.Web.Rollouts;

namespace ControlPlane.Web.Tests.Rollouts;

public sealed class EvidencePictureTests
{
    [Fact]
    public void Time_goes_to_the_right_and_bad_requests_go_up_to_what_is_known_at_the_end()
    {
        var picture = new EvidencePicture([Moment(0, 0.02, 0, 1), Moment(1, 0.04, 0.01, 0.06), Moment(2, 0.04, 0.02, 0.08)]);

        Assert.Equal(0.1, picture.Top, 1e-9); // 0.08 and a quarter more
        Assert.Equal("0,128 300,96 600,96", picture.Line(static moment => moment.Canary));
        Assert.Equal("0,-480 300,64 600,32 600,128 300,144 0,160", picture.Band(static moment => moment.Canary));
    }

    [Fact]
    public void One_moment_is_at_the_end_and_what_was_not_seen_has_no_line()
    {
        var picture = new EvidencePicture([new(Rollout.Now, new(0, null, 0, 1), new(0, null, 0, 1), 1, 1)]);

        Assert.Equal(("", "600,0 600,160"), (picture.Line(static moment => moment.Canary), picture.Band(static moment => moment.Canary)));
    }

    [Fact]
    public void Where_next_to_nothing_is_bad_the_picture_does_not_make_much_of_it() =>
        Assert.Equal(0.01, new EvidencePicture([Moment(0, 0, 0, 0.0001)]).Top);

    private static EvidenceMoment Moment(int minute, double share, double low, double high) =>
        new(Rollout.Now.AddMinutes(minute), new(100, 0, 0, 0), new(100, share, low, high), 1, 1);
}
