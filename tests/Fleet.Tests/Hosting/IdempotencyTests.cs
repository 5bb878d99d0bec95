using System.Net;
using Fleet.Tests.Testing;

namespace Fleet.Tests.Hosting;

public sealed class IdempotencyTests
{
    private const string FiveBulbs = """{"orderId":"o-1","lines":[{"sku":"HOME-LED-9W","quantity":5}]}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_repeated_key_gets_the_first_answer_and_does_nothing_again()
    {
        await using var inventory = await RunningInstance.StartAsync("inventory", Cancellation);

        var first = await inventory.PostAsync("/reservations", FiveBulbs, key: "k-1");
        var second = await inventory.PostAsync("/reservations", FiveBulbs, key: "k-1");

        Assert.Equal(HttpStatusCode.Created, second.Status);
        Assert.Equal(first.Body!.ToJsonString(), second.Body!.ToJsonString());
        Assert.False(first.Headers.Contains("Idempotent-Replayed"));
        Assert.True(second.Headers.Contains("Idempotent-Replayed"));
        Assert.Equal("39995", (await inventory.GetAsync("/stock/HOME-LED-9W"))["available"]);
        Assert.Single(inventory.Logged("stock-reserved"));
    }

    [Fact]
    public async Task A_key_that_came_with_another_request_is_refused()
    {
        await using var inventory = await RunningInstance.StartAsync("inventory", Cancellation);
        await inventory.PostAsync("/reservations", FiveBulbs, key: "k-1");

        var other = await inventory.PostAsync("/reservations", FiveBulbs.Replace("o-1", "o-2", StringComparison.Ordinal), key: "k-1");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, other.Status);
        Assert.Equal("Idempotency-Key", Assert.Single(other.FieldsAtFault));
    }

    [Fact]
    public async Task A_refused_request_can_be_tried_again_under_its_key()
    {
        await using var inventory = await RunningInstance.StartAsync("inventory", Cancellation);
        const string TooMany = """{"orderId":"o-1","lines":[{"sku":"HOME-WASHER-7KG","quantity":100}]}""";
        await inventory.SendAsync(HttpMethod.Put, "/stock/HOME-WASHER-7KG", """{"available":99}""", key: null, ("If-Match", "\"1\""));

        var refused = await inventory.PostAsync("/reservations", TooMany, key: "k-1");
        await inventory.SendAsync(HttpMethod.Put, "/stock/HOME-WASHER-7KG", """{"available":100}""", key: null, ("If-Match", "\"2\""));
        var accepted = await inventory.PostAsync("/reservations", TooMany, key: "k-1");

        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.Equal(HttpStatusCode.Created, accepted.Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("01234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890")]
    public async Task A_missing_or_endless_key_is_refused(string key)
    {
        await using var inventory = await RunningInstance.StartAsync("inventory", Cancellation);

        var answer = await inventory.PostAsync("/reservations", FiveBulbs, key);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("Idempotency-Key", Assert.Single(answer.FieldsAtFault));
    }
}
