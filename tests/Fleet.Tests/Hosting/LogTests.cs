using System.Text.Json;
using Fleet.Tests.Testing;

namespace Fleet.Tests.Hosting;

public sealed class LogTests : IAsyncLifetime
{
    private const string Aadhaar = "234123412346";
    private const string Pan = "ABCPE1234F";
    private const string Vpa = "devika.pai@okbank";
    private const string CardToken = "tok_4f9a2c77";

    private RunningFleet _fleet = null!;

    public async ValueTask InitializeAsync() => _fleet = await RunningFleet.StartAsync(TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _fleet.DisposeAsync();

    [Fact]
    public async Task A_line_is_one_json_object_that_says_when_where_and_what()
    {
        await _fleet["product"].SendAsync(HttpMethod.Get, "/products/GROC-TEA-500G", headers: ("X-Request-Id", "req-1"));

        var line = Assert.Single(_fleet["product"].Logged("request"));
        Assert.True(line.GetProperty("time").TryGetDateTime(out var time));
        Assert.Equal(DateTimeKind.Utc, time.Kind);
        Assert.Equal("product", line.GetProperty("service").GetString());
        Assert.Equal("product-5d8f7-x2k9p", line.GetProperty("instance").GetString());
        Assert.Equal("1.0.0", line.GetProperty("version").GetString());
        Assert.Equal("info", line.GetProperty("level").GetString());
        Assert.Equal("req-1", line.GetProperty("requestId").GetString());
        Assert.Equal("GET", line.GetProperty("method").GetString());
        Assert.Equal("/products/{sku}", line.GetProperty("route").GetString());
        Assert.Equal(200, line.GetProperty("status").GetInt32());
        Assert.True(line.GetProperty("durationMs").GetDouble() >= 0);
    }

    [Fact]
    public async Task Whatever_customers_send_no_line_has_personal_data_or_a_secret()
    {
        var user = await _fleet["user"].PostAsync("/users", Registration.With());
        await _fleet["user"].PostAsync("/users", Registration.With());
        await _fleet["user"].PostAsync("/users", Registration.With($$"""{"mobile":"{{Registration.Mobile}}{{Registration.Mobile}}"}"""));
        await _fleet["user"].GetAsync($"/users/{user["id"]}/contact");
        await _fleet["user"].GetAsync($"/users/{Registration.Mobile}?email={Registration.Email}");
        (string Kind, string Value)[] proofs =
            [("Aadhaar", Aadhaar), ("Pan", Pan), ("Pan", Aadhaar), ("Address", Registration.Line), (Pan, Aadhaar)];
        foreach (var (kind, value) in proofs)
        {
            await _fleet["kyc"].SendAsync(HttpMethod.Put, $"/kyc/{user["id"]}/proofs/{kind}", $$"""{"value":"{{value}}"}""");
        }

        string[] payments =
        [
            $$"""{"method":"Upi","vpa":"{{Vpa}}"}""", $$"""{"method":"Card","cardToken":"{{CardToken}}"}""", $$"""{"method":"{{Pan}}"}""",
        ];
        foreach (var payment in payments)
        {
            await _fleet["order"].PostAsync(
                "/orders", $$"""{"userId":"{{user["id"]}}","lines":[{"sku":"HOME-LED-9W","quantity":1}],"payment":{{payment}}}""");
        }

        await StopAsync();

        var lines = _fleet.Instances.SelectMany(i => i.LogLines).ToArray();
        Assert.All(lines, line => Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(line).RootElement.ValueKind));
        Assert.All(
            new[] { Registration.Mobile, Registration.Email, Registration.Line, Aadhaar, Pan, Vpa, CardToken, "devika.pai" },
            secret => Assert.DoesNotContain(lines, l => l.Contains(secret, StringComparison.OrdinalIgnoreCase)));
        // What may be known stands there masked, so that the lines above did come from these requests.
        Assert.All(
            new[] { "XXXXXX3210", "XXXX-XXXX-2346", "XXXXX1234X", "de***@okbank" },
            masked => Assert.Contains(lines, l => l.Contains(masked, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task No_line_has_a_field_twice()
    {
        await _fleet["user"].PostAsync("/users", Registration.With());
        await _fleet["order"].PostAsync("/orders", "{}");
        await StopAsync();

        var lines = _fleet.Instances.SelectMany(i => i.LogLines).Select(l => JsonDocument.Parse(l).RootElement);
        Assert.All(lines, line => Assert.Distinct(line.EnumerateObject().Select(p => p.Name)));
    }

    /// <summary>Stops everything, so that messages in the queue have gone out and been logged.</summary>
    private async Task StopAsync()
    {
        foreach (var instance in _fleet.Instances.Reverse())
        {
            await instance.App.StopAsync(TestContext.Current.CancellationToken);
        }
    }
}
