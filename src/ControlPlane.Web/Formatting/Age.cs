using System.Globalization;

namespace ControlPlane.Web.Formatting;

/// <summary>How long something took or is ago, in one figure that is exact enough to act on.</summary>
public static class Age
{
    /// <summary>Such as <c>42 s</c>, <c>12 min</c>, <c>5 h</c>, <c>12 d</c> or <c>14 mo</c>. Times to come count as now: clocks differ.</summary>
    public static string Of(TimeSpan span)
    {
        var (figure, unit) = span switch
        {
            { TotalSeconds: < 60 } => (Math.Max(0, span.TotalSeconds), "s"),
            { TotalMinutes: < 60 } => (span.TotalMinutes, "min"),
            { TotalHours: < 48 } => (span.TotalHours, "h"),
            { TotalDays: < 60 } => (span.TotalDays, "d"),
            { TotalDays: < 730 } => (span.TotalDays / 30.44, "mo"),
            _ => (span.TotalDays / 365.25, "y"),
        };
        return $"{Math.Floor(figure).ToString(CultureInfo.InvariantCulture)} {unit}";
    }
}
