using ControlPlane.Kubernetes.Manifests;

namespace ControlPlane.Kubernetes.Tests.Manifests;

/// <summary>Expectations as kubectl reads them: go-yaml v2, resolve.go.</summary>
public sealed class PlainScalarTests
{
    [Theory]
    [InlineData("", "null")]
    [InlineData("~", "null")]
    [InlineData("null", "null")]
    [InlineData("nULL", "\"nULL\"")]
    [InlineData("true", "true")]
    [InlineData("yes", "true")]
    [InlineData("y", "true")]
    [InlineData("On", "true")]
    [InlineData("FALSE", "false")]
    [InlineData("no", "false")]
    [InlineData("N", "false")]
    [InlineData("off", "false")]
    [InlineData("tRue", "\"tRue\"")]
    [InlineData("yess", "\"yess\"")]
    public void Words(string text, string json) => Resolves(text, json);

    [Theory]
    [InlineData("0", "0")]
    [InlineData("42", "42")]
    [InlineData("-42", "-42")]
    [InlineData("+42", "42")]
    [InlineData("1_000", "1000")]
    [InlineData("0644", "420")]
    [InlineData("0o644", "420")]
    [InlineData("0x1F", "31")]
    [InlineData("0X1f", "31")]
    [InlineData("-0x1f", "-31")]
    [InlineData("0b101", "5")]
    [InlineData("9223372036854775807", "9223372036854775807")]
    [InlineData("-9223372036854775808", "-9223372036854775808")]
    [InlineData("18446744073709551615", "18446744073709551615")]
    [InlineData("18446744073709551616", "1.8446744073709552E+19")]
    public void Integers(string text, string json) => Resolves(text, json);

    [Theory]
    [InlineData("1.5", "1.5")]
    [InlineData("-1.5", "-1.5")]
    [InlineData(".5", "0.5")]
    [InlineData("5.", "5")]
    [InlineData("1e3", "1000")]
    [InlineData("1.5E-3", "0.0015")]
    [InlineData("08", "8")] // no octal number, but a decimal one
    public void Fractions(string text, string json) => Resolves(text, json);

    [Theory]
    [InlineData("-")]
    [InlineData("+")]
    [InlineData(".")]
    [InlineData("--1")]
    [InlineData("0x")]
    [InlineData("0xg")]
    [InlineData("0b2")]
    [InlineData("1.2.3")]
    [InlineData("10.0.0.1")]
    [InlineData("1e400")]
    [InlineData("12:30")]
    [InlineData("2026-11-23")]
    [InlineData("2026-11-23T10:30:00Z")]
    [InlineData("5m")]
    [InlineData("1 2")]
    [InlineData("1e")]
    [InlineData("1,000")]
    [InlineData("٣")]
    public void What_only_begins_like_a_number_is_text(string text) => Resolves(text, $"\"{text}\"");

    private static void Resolves(string text, string json) =>
        Assert.Equal(json, PlainScalar.Resolve(text)?.ToJsonString(Relaxed) ?? "null");

    private static readonly System.Text.Json.JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
