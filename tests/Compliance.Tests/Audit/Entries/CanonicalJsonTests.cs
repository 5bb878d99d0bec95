using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Compliance.Audit.Entries;
using CsCheck;

namespace Compliance.Tests.Audit.Entries;

public sealed class CanonicalJsonTests
{
    /// <summary>Input and output of the public test data (cyberphone/json-canonicalization, testdata).</summary>
    [Theory]
    [InlineData("""[56,{"d":true,"10":null,"1":[ ]}]""", """[56,{"1":[],"10":null,"d":true}]""")]
    [InlineData(
        """{"peach":"This sorting order","péché":"is wrong according to French","pêche":"but canonicalization MUST","sin":"ingnore locale"}""",
        """{"peach":"This sorting order","péché":"is wrong according to French","pêche":"but canonicalization MUST","sin":"ingnore locale"}""")]
    [InlineData(
        """{"1":{"f":{"f":"hi","F":5} ,"\n":56.0},"10":{ },"":"empty","a":{ },"111":[ { } ],"A":{ }}""",
        """{"":"empty","1":{"\n":56,"f":{"F":5,"f":"hi"}},"10":{},"111":[{}],"A":{},"a":{}}""")]
    [InlineData("""{"Unnormalized Unicode":"A\u030a"}""", "{\"Unnormalized Unicode\":\"A\u030a\"}")]
    [InlineData(
        """{"numbers":[1E30,4.50,333333333.33333329,2e-3,0.000000000000000000000000001],"escaping":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}""",
        """{"escaping":"€$\u000f\nA'B\"\\\\\"/","literals":[null,true,false],"numbers":[1e+30,4.5,333333333.3333333,0.002,1e-27]}""")]
    [InlineData(
        """{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control\u007f","\u00f6":"Latin Small Letter O With Diaeresis","</script>":"Browser Challenge"}""",
        "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"</script>\":\"Browser Challenge\",\"\u0080\":\"Control\u007f\",\"ö\":\"Latin Small Letter O With Diaeresis\",\"€\":\"Euro Sign\",\"😀\":\"Emoji: Grinning Face\",\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}")]
    public void Its_form_is_that_of_the_public_vectors(string input, string output) =>
        Assert.Equal(output, Encoding.UTF8.GetString(CanonicalJson.Serialize(JsonNode.Parse(input))));

    /// <summary>RFC 8785 appendix B.</summary>
    [Theory]
    [InlineData("0000000000000000", "0")]
    [InlineData("8000000000000000", "0")]
    [InlineData("0000000000000001", "5e-324")]
    [InlineData("8000000000000001", "-5e-324")]
    [InlineData("7fefffffffffffff", "1.7976931348623157e+308")]
    [InlineData("ffefffffffffffff", "-1.7976931348623157e+308")]
    [InlineData("4340000000000000", "9007199254740992")]
    [InlineData("c340000000000000", "-9007199254740992")]
    [InlineData("4430000000000000", "295147905179352830000")]
    [InlineData("44b52d02c7e14af5", "9.999999999999997e+22")]
    [InlineData("44b52d02c7e14af6", "1e+23")]
    [InlineData("44b52d02c7e14af7", "1.0000000000000001e+23")]
    [InlineData("444b1ae4d6e2ef4e", "999999999999999700000")]
    [InlineData("444b1ae4d6e2ef4f", "999999999999999900000")]
    [InlineData("444b1ae4d6e2ef50", "1e+21")]
    [InlineData("3eb0c6f7a0b5ed8c", "9.999999999999997e-7")]
    [InlineData("3eb0c6f7a0b5ed8d", "0.000001")]
    [InlineData("41b3de4355555553", "333333333.3333332")]
    [InlineData("41b3de4355555554", "333333333.33333325")]
    [InlineData("41b3de4355555555", "333333333.3333333")]
    [InlineData("41b3de4355555556", "333333333.3333334")]
    [InlineData("41b3de4355555557", "333333333.33333343")]
    [InlineData("becbf647612f3696", "-0.0000033333333333333333")]
    [InlineData("43143ff3c1cb0959", "1424953923781206.2")]
    public void Its_numbers_are_those_of_the_RFC(string bits, string text) =>
        Assert.Equal(text, EcmaScriptNumber.Format(BitConverter.UInt64BitsToDouble(ulong.Parse(bits, NumberStyles.HexNumber, CultureInfo.InvariantCulture))));

    [Fact]
    public void Every_number_reads_back_as_itself() => Gen.Double.Where(double.IsFinite).Sample(
        number => Assert.Equal(number + 0.0, double.Parse(EcmaScriptNumber.Format(number), CultureInfo.InvariantCulture)), iter: 5000);

    [Fact]
    public void A_text_that_is_written_in_one_go_is_that_written_character_by_character() => Gen.String.Sample(
        text =>
        {
            if (text.EnumerateRunes().Any(static rune => rune == Rune.ReplacementChar))
            {
                return; // half a surrogate pair: refused, see below
            }

            Assert.Equal(Reference(text), Encoding.UTF8.GetString(CanonicalJson.Serialize(JsonValue.Create(text))));
        },
        iter: 3000);

    [Theory]
    [InlineData("""{"a":9007199254740993}""", "2^53")]
    [InlineData("""{"a":1,"a":2}""", "twice")]
    [InlineData("""{"a":"\ud800"}""", "surrogate")]
    public void What_it_could_not_tell_truly_is_refused(string input, string why) =>
        Assert.Contains(why, Assert.Throws<FormatException>(() => CanonicalJson.Serialize(JsonNode.Parse(input))).Message, StringComparison.Ordinal);

    [Fact]
    public void Nesting_has_a_bound()
    {
        JsonNode deep = new JsonArray();
        for (var i = 0; i < 100; i++)
        {
            deep = new JsonArray(deep);
        }

        Assert.Throws<FormatException>(() => CanonicalJson.Serialize(deep));
    }

    private static string Reference(string text)
    {
        var result = new StringBuilder("\"");
        foreach (var c in text)
        {
            result.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\b' => "\\b",
                '\t' => "\\t",
                '\n' => "\\n",
                '\f' => "\\f",
                '\r' => "\\r",
                < ' ' => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => c.ToString(),
            });
        }

        return result.Append('"').ToString();
    }
}
