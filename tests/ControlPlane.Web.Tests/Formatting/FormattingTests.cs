using ControlPlane.Kubernetes.Resources;
using ControlPlane.Web.Formatting;

namespace ControlPlane.Web.Tests.Formatting;

public class FormattingTests
{
    private static readonly DateTimeOffset Evening = new(2026, 11, 23, 18, 19, 31, 42, TimeSpan.Zero);

    [Theory]
    [InlineData(-5, "0 s")]
    [InlineData(59.9, "59 s")]
    [InlineData(60, "1 min")]
    [InlineData(3600, "1 h")]
    [InlineData(47 * 3600, "47 h")]
    [InlineData(48 * 3600, "2 d")]
    [InlineData(61 * 86400, "2 mo")]
    [InlineData(800 * 86400, "2 y")]
    public void An_age_is_one_figure(double seconds, string expected) => Assert.Equal(expected, Age.Of(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void Times_are_those_of_India() => Assert.Equal("23 Nov 2026, 23:49:31 IST", IndiaTime.Full(Evening));

    [Fact]
    public void The_exact_time_says_milliseconds_and_UTC() =>
        Assert.Equal("23 Nov 2026, 23:49:31.042 IST (2026-11-23T18:19:31.042Z)", IndiaTime.Exact(Evening));

    [Fact]
    public void A_time_of_another_day_in_India_says_which()
    {
        Assert.Equal("23:49:31", IndiaTime.Brief(Evening, now: Evening.AddMinutes(10)));
        Assert.Equal("23 Nov 23:49:31", IndiaTime.Brief(Evening, now: Evening.AddMinutes(11)));
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(999, "999")]
    [InlineData(6000, "6,000")]
    [InlineData(1234567, "12,34,567")]
    [InlineData(123456789, "12,34,56,789")]
    public void Numbers_are_grouped_by_lakh_and_crore(long number, string expected) => Assert.Equal(expected, IndianNumber.Count(number));

    [Theory]
    [InlineData("1234567.89", "INR", "₹12,34,567.89")]
    [InlineData("-350000", "INR", "−₹3,50,000.00")]
    [InlineData("10", "USD", "USD 10.00")]
    [InlineData("plenty", "INR", "plenty INR")]
    public void Money_is_shown_with_its_currency(string amount, string currency, string expected) =>
        Assert.Equal(expected, IndianNumber.Money(new MoneyAmount { Amount = amount, Currency = currency }));

    [Fact]
    public void A_count_agrees_with_its_noun()
    {
        Assert.Equal("1 dependency", IndianNumber.Of(1, "dependency", "dependencies"));
        Assert.Equal("2 dependencies", IndianNumber.Of(2, "dependency", "dependencies"));
        Assert.Equal("0 services", IndianNumber.Of(0, "service"));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("all instances serve", "All instances serve.")]
    [InlineData("Really?", "Really?")]
    public void Half_a_sentence_becomes_a_whole_one(string text, string expected) => Assert.Equal(expected, Sentence.Of(text));
}
