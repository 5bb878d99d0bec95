using System.Globalization;
using ControlPlane.Api.Rollouts;

namespace ControlPlane.Web.Rollouts;

/// <summary>Where the lines and bands of a comparison lie in its picture. Pure.</summary>
internal sealed class EvidencePicture
{
    /// <summary>Size of the picture, in its own units.</summary>
    public const double Wide = 600;
    public const double High = 160;

    /// <summary>A share that is all but nothing must not fill the picture.</summary>
    private const double LeastTop = 0.01;

    /// <summary>Room above what is known at the end.</summary>
    private const double Headroom = 1.25;

    private readonly IReadOnlyList<EvidenceMoment> _moments;
    private readonly DateTimeOffset _from;
    private readonly TimeSpan _length;

    /// <summary>Lays a comparison out.</summary>
    /// <param name="moments">At least one moment, in the order of time.</param>
    public EvidencePicture(IReadOnlyList<EvidenceMoment> moments)
    {
        _moments = moments;
        _from = moments[0].At;
        _length = moments[^1].At - _from;
        var last = moments[^1];
        var highest = moments.Max(static moment => Math.Max(moment.Stable.Share ?? 0, moment.Canary.Share ?? 0));

        // The first bands reach from nothing to all: they may leave the picture, so that the last ones can be told apart.
        Top = Math.Clamp(Math.Max(highest, Math.Max(last.Stable.High, last.Canary.High)) * Headroom, LeastTop, 1);
    }

    /// <summary>Share at the upper edge; the lower one is 0.</summary>
    public double Top { get; }

    /// <summary>Points of the outline of a band.</summary>
    public string Band(Func<EvidenceMoment, EvidenceSide> side) => string.Join(' ',
        _moments.Select(moment => Point(moment, side(moment).High)).Concat(_moments.Reverse().Select(moment => Point(moment, side(moment).Low))));

    /// <summary>Points of the line of what was seen.</summary>
    public string Line(Func<EvidenceMoment, EvidenceSide> side) =>
        string.Join(' ', _moments.Where(moment => side(moment).Share is not null).Select(moment => Point(moment, side(moment).Share!.Value)));

    private string Point(EvidenceMoment moment, double share)
    {
        var x = _length > TimeSpan.Zero ? (moment.At - _from) / _length * Wide : Wide;
        return string.Create(CultureInfo.InvariantCulture, $"{x:0.#},{High - (Math.Min(share, Top * 4) / Top * High):0.#}");
    }
}
