using Fleet.PersonalData;

namespace Fleet.Tests.PersonalData;

public sealed class MaskingTests
{
    [Fact]
    public void Personal_data_as_text_is_masked() => Assert.Equal(
        ["XXXXXX3210", "d***@example.com", "de***@okbank", "XXXX-XXXX-2346", "XXXXX1234X"],
        new object?[]
        {
            Mobile.Parse("+91-9876543210"), new Email("devika@example.com"), new Vpa("devika@okbank"),
            Aadhaar.TryParse("2341 2341 2346"), TaxPan.TryParse("ABCPE1234F"),
        }.Select(d => d?.ToString()));

    /// <summary>The numbers of docs that UIDAI gives for tests, and a synthetic one.</summary>
    [Theory]
    [InlineData("234123412346")]
    [InlineData("999941057058")]
    [InlineData("9999-7165-8847")]
    public void An_aadhaar_with_its_check_digit_is_read(string text) => Assert.NotNull(Aadhaar.TryParse(text));

    [Theory]
    [InlineData("234123412345")]
    [InlineData("123412341234")]
    [InlineData("23412341234")]
    [InlineData("2341234123466")]
    [InlineData("23412341234x")]
    public void Any_other_number_is_none(string text) => Assert.Null(Aadhaar.TryParse(text));

    /// <summary>Verhoeff's scheme finds every single wrong digit and every swap of neighbours.</summary>
    [Fact]
    public void A_slip_of_the_pen_makes_an_aadhaar_invalid()
    {
        const string Sound = "234123412346";
        var wrongDigits =
            from i in Enumerable.Range(1, 11)
            from digit in "0123456789"
            where digit != Sound[i]
            select $"{Sound[..i]}{digit}{Sound[(i + 1)..]}";
        var swaps =
            from i in Enumerable.Range(1, 10)
            where Sound[i] != Sound[i + 1]
            select $"{Sound[..i]}{Sound[i + 1]}{Sound[i]}{Sound[(i + 2)..]}";

        Assert.All(wrongDigits.Concat(swaps), text => Assert.Null(Aadhaar.TryParse(text)));
    }

    [Theory]
    [InlineData("ABCPE1234F", true)]
    [InlineData("ABCDE1234F", false)]
    [InlineData("abcpe1234f", false)]
    [InlineData("ABCPE1234", false)]
    [InlineData("ABCPE1234F\n", false)]
    public void A_pan_has_its_form(string text, bool sound) => Assert.Equal(sound, TaxPan.TryParse(text) is not null);
}
