using System.Net;
using Fleet.Tests.Testing;

namespace Fleet.Tests.Hosting;

/// <summary>Replicas of a service find each other's records, as over one database.</summary>
public sealed class ReplicaTests
{
    private const string Reservation = """{"orderId":"o-1","lines":[{"sku":"HOME-LED-9W","quantity":5}]}""";

    private readonly FleetStores _stores = new();

    [Fact]
    public async Task What_one_replica_set_aside_another_puts_back()
    {
        await using var first = await StartAsync();
        await using var second = await StartAsync();
        await first.PostAsync("/reservations", Reservation);
        Assert.Equal("39995", (await second.GetAsync("/stock/HOME-LED-9W"))["available"]);

        await second.SendAsync(HttpMethod.Delete, "/reservations/o-1");

        Assert.Equal("40000", (await first.GetAsync("/stock/HOME-LED-9W"))["available"]);
    }

    [Fact]
    public async Task A_repeated_request_gets_its_first_answer_from_any_replica()
    {
        await using var first = await StartAsync();
        await using var second = await StartAsync();

        var made = await first.PostAsync("/reservations", Reservation, key: "k-1");
        var repeated = await second.PostAsync("/reservations", Reservation, key: "k-1");

        Assert.Equal("true", repeated.Headers.GetValues("Idempotent-Replayed").Single());
        Assert.Equal(made.Body!.ToJsonString(), repeated.Body!.ToJsonString());
    }

    [Fact]
    public async Task Records_outlive_the_instance_that_made_them()
    {
        await using (var first = await StartAsync())
        {
            await first.PostAsync("/reservations", Reservation);
        }

        await using var restarted = await StartAsync();

        Assert.Equal("39995", (await restarted.GetAsync("/stock/HOME-LED-9W"))["available"]);
        Assert.Equal(HttpStatusCode.NoContent, (await restarted.PostAsync("/reservations/o-1/sale", "{}")).Status);
    }

    private Task<RunningInstance> StartAsync() => RunningInstance.StartAsync("inventory", TestContext.Current.CancellationToken, i => i with { Stores = _stores });
}
