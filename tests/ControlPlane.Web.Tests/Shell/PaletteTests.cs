using System.Globalization;
using System.Text.RegularExpressions;

namespace ControlPlane.Web.Tests.Shell;

/// <summary>Holds the colours of tokens.css to WCAG 2.2 AA: 4.5 to 1 for text (1.4.3), 3 to 1 for what outlines controls (1.4.11).</summary>
public partial class PaletteTests
{
    private static readonly Dictionary<string, (string Light, string Dark)> Tokens = Pair()
        .Matches(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "tokens.css")))
        .ToDictionary(match => match.Groups["name"].Value, match => (match.Groups["light"].Value, match.Groups["dark"].Value));

    private static readonly string[] Grounds = ["ground", "surface", "surface-raised", "surface-sunken", "surface-hover", "surface-active"];
    private static readonly string[] Texts = ["text", "text-quiet", "text-faint", "accent"];
    private static readonly string[] Tones = ["good", "moving", "poor", "bad", "unknown", "drift"];

    public static TheoryData<string, string> TextOnGrounds =>
    [
        .. from text in Texts from ground in Grounds select (text, ground),
        .. from tone in Tones from ground in (string[])["ground", "surface", "surface-hover", "surface-active", $"{tone}-ground"] select (tone, ground),
        ("on-accent", "accent"),
        ("on-accent", "accent-strong"),
    ];

    [Theory]
    [MemberData(nameof(TextOnGrounds))]
    public void Text_can_be_read_on_its_ground(string text, string ground) => Holds(text, ground, least: 4.5);

    [Theory]
    [InlineData("line-control", "surface")]
    [InlineData("line-control", "ground")]
    [InlineData("accent", "ground")]
    public void The_outline_of_a_control_can_be_seen(string line, string ground) => Holds(line, ground, least: 3);

    [Fact]
    public void The_ratio_is_that_of_WCAG()
    {
        Assert.Equal(21, Ratio("#000000", "#ffffff"), precision: 2);
        Assert.Equal(4.54, Ratio("#767676", "#ffffff"), precision: 2);
    }

    private static void Holds(string text, string ground, double least)
    {
        var (colour, behind) = (Tokens[text], Tokens[ground]);
        Assert.True(Ratio(colour.Light, behind.Light) >= least, $"light: {text} on {ground} is {Ratio(colour.Light, behind.Light):0.00} to 1");
        Assert.True(Ratio(colour.Dark, behind.Dark) >= least, $"dark: {text} on {ground} is {Ratio(colour.Dark, behind.Dark):0.00} to 1");
    }

    private static double Ratio(string one, string other)
    {
        var (a, b) = (Luminance(one), Luminance(other));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    private static double Luminance(string colour)
    {
        double Channel(int at)
        {
            var value = int.Parse(colour.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
            return value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
        }

        return (0.2126 * Channel(1)) + (0.7152 * Channel(3)) + (0.0722 * Channel(5));
    }

    [GeneratedRegex("--(?<name>[a-z-]+): light-dark\\((?<light>#[0-9a-f]{6}), (?<dark>#[0-9a-f]{6})\\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Pair();
}
