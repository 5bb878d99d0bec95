using System.Net;
using System.Text.Json.Nodes;
using Fleet.Kyc;
using Fleet.Tests.Testing;

namespace Fleet.Tests.Kyc;

public sealed class KycTests : IAsyncLifetime
{
    private RunningFleet _fleet = null!;

    public async ValueTask InitializeAsync() => _fleet = await RunningFleet.StartAsync(TestContext.Current.CancellationToken, "user", "kyc");

    public ValueTask DisposeAsync() => _fleet.DisposeAsync();

    [Fact]
    public async Task Proofs_lift_a_customer_from_none_over_minimum_to_full()
    {
        Assert.Equal(("None", null), await LevelAsync());

        await SubmitAsync("Photo", "uploads/1.jpg");
        Assert.Equal(("None", null), await LevelAsync());

        await SubmitAsync("Pan", "ABCPE1234F");
        Assert.Equal(("Minimum", 50_000m), await LevelAsync());

        await SubmitAsync("Aadhaar", "2341 2341 2346");
        await SubmitAsync("Address", "uploads/2.pdf");
        Assert.Equal(("Full", 200_000m), await LevelAsync());
    }

    [Fact]
    public async Task What_is_missing_and_what_was_accepted_is_told_and_only_masked()
    {
        await SubmitAsync("Aadhaar", "234123412346");
        var status = await SubmitAsync("Aadhaar", "234123412346");

        Assert.Equal(["Pan", "Address", "Photo"], status.Body!["missing"]!.AsArray().Select(k => k!.GetValue<string>()));
        Assert.Equal("XXXX-XXXX-2346", Assert.Single(status.Body["proofs"]!.AsArray())!["masked"]!.GetValue<string>());
        Assert.DoesNotContain("234123412346", status.Body.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Aadhaar", "234123412345", "value")]
    [InlineData("Pan", "ABCDE1234F", "value")]
    [InlineData("Photo", "a photo of me", "value")]
    [InlineData("Photo", "", "value")]
    [InlineData("Passport", "K1234567", "kind")]
    public async Task A_proof_that_is_none_is_refused(string kind, string value, string field)
    {
        var answer = await SubmitAsync(kind, value);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(field, Assert.Single(answer.FieldsAtFault));
    }

    [Fact]
    public async Task A_customer_that_the_user_service_does_not_know_has_no_kyc() =>
        Assert.Equal(HttpStatusCode.NotFound, (await SubmitAsync("Photo", "1.jpg", user: "u-404")).Status);

    [Fact]
    public async Task Without_the_user_service_a_proof_is_not_taken()
    {
        _fleet.Unplug("user");

        var answer = await SubmitAsync("Photo", "1.jpg");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
        Assert.Contains("user", answer["detail"], StringComparison.Ordinal);
        Assert.Equal("None", (await LevelAsync()).Level);
    }

    /// <summary>At 18:30 UTC the next day begins in India.</summary>
    [Theory]
    [InlineData("2026-03-31T18:29:59Z", 100)]
    [InlineData("2026-03-31T18:30:00Z", 200)]
    [InlineData("2023-01-01T00:00:00Z", null)]
    public void The_limit_in_force_is_the_latest_that_has_begun_in_india(string at, int? perDay)
    {
        (KycLevel, KycLimits)[] rows =
        [
            (KycLevel.Full, new KycLimits(200, 0, 0, new DateOnly(2026, 4, 1))),
            (KycLevel.Full, new KycLimits(100, 0, 0, new DateOnly(2024, 4, 1))),
            (KycLevel.Minimum, new KycLimits(1, 0, 0, new DateOnly(2023, 1, 1))),
        ];

        var limits = KycLimitTable.InForce(rows, KycLevel.Full, DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture));

        Assert.Equal(perDay, (int?)limits?.PerDayInr);
    }

    private Task<Answer> SubmitAsync(string kind, string value, string user = "u-1001") =>
        _fleet["kyc"].SendAsync(HttpMethod.Put, $"/kyc/{user}/proofs/{kind}", new JsonObject { ["value"] = value }.ToJsonString());

    private async Task<(string Level, decimal? PerDayInr)> LevelAsync()
    {
        var status = await _fleet["kyc"].GetAsync("/kyc/u-1001");
        return (status["level"], status.Body!["limits"]?["perDayInr"]!.GetValue<decimal>());
    }
}
