using System.Net;
using Fleet.Tests.Testing;

namespace Fleet.Tests.Users;

public sealed class UserApiTests : IAsyncLifetime
{
    private RunningInstance _user = null!;

    public async ValueTask InitializeAsync() => _user = await RunningInstance.StartAsync("user", TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _user.DisposeAsync();

    [Fact]
    public async Task A_registered_customer_is_known_with_masked_contact_data()
    {
        var made = await _user.PostAsync("/users", Registration.With());

        Assert.Equal(HttpStatusCode.Created, made.Status);
        var known = await _user.GetAsync(made.Headers.Location!.ToString());
        Assert.Equal(made["id"], known["id"]);
        Assert.Equal(("XXXXXX3210", "d***@example.com"), (known["mobile"], known["email"]));
        Assert.DoesNotContain(Registration.Line, known.Body!.ToJsonString(), StringComparison.Ordinal);
        var contact = await _user.GetAsync($"/users/{made["id"]}/contact");
        Assert.Equal(("+919876543210", Registration.Email), (contact["mobile"], contact["email"]));
        Assert.Contains("user_registrations_total 1\n", await _user.MetricsAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("9876543210")]
    [InlineData("+919876543210")]
    [InlineData("+91-9876543210")]
    public async Task A_mobile_number_has_one_account_however_it_is_written(string mobile)
    {
        await _user.PostAsync("/users", Registration.With());

        var second = await _user.PostAsync("/users", Registration.With($$"""{"mobile":"{{mobile}}"}"""));

        Assert.Equal(HttpStatusCode.Conflict, second.Status);
        Assert.Equal("mobile", Assert.Single(second.FieldsAtFault));
    }

    [Fact]
    public async Task The_demo_customers_are_known_and_their_numbers_taken()
    {
        Assert.Equal("Mumbai", (await _user.GetAsync("/users/u-1001"))["city"]);
        Assert.Equal(HttpStatusCode.Conflict, (await _user.PostAsync("/users", Registration.With("""{"mobile":"9000001001"}"""))).Status);
    }

    [Fact]
    public async Task An_unknown_customer_is_not_found() => Assert.Equal(HttpStatusCode.NotFound, (await _user.GetAsync("/users/u-1")).Status);
}
