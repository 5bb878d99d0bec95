using System.Net;
using System.Reflection;
using System.Text.Json.Serialization;
using Fleet.Hosting.Input;
using Fleet.Tests.Testing;

namespace Fleet.Tests.Hosting;

public sealed class InputTests : IAsyncLifetime
{
    private RunningInstance _user = null!;

    public async ValueTask InitializeAsync() => _user = await RunningInstance.StartAsync("user", TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _user.DisposeAsync();

    [Theory]
    [InlineData("""{"name":""}""", "name")]
    [InlineData("""{"mobile":"12345"}""", "mobile")]
    [InlineData("""{"mobile":"5000000001"}""", "mobile")]
    [InlineData("""{"mobile":"+1 9000000001"}""", "mobile")]
    [InlineData("""{"email":"asha"}""", "email")]
    [InlineData("""{"address":{"pinCode":"040001"}}""", "address.pinCode")]
    [InlineData("""{"address":{"location":{"latitude":91}}}""", "address.location.latitude")]
    [InlineData("""{"nickname":"Ashu"}""", "nickname")]
    [InlineData("""{"address":{"landmark":"temple"}}""", "address.landmark")]
    [InlineData("""{"name":7}""", "name")]
    [InlineData("""{"name":null}""", "name")]
    public async Task A_problem_names_the_field_at_fault(string change, string field)
    {
        var answer = await _user.PostAsync("/users", Registration.With(change));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("application/problem+json", answer.MediaType);
        Assert.Equal(field, Assert.Single(answer.FieldsAtFault));
    }

    [Theory]
    [InlineData("""{"name": """, "name")]
    [InlineData("nope", "body")]
    [InlineData("", "body")]
    [InlineData("null", "body")]
    [InlineData("[]", "body")]
    public async Task A_body_that_is_no_json_object_is_refused(string body, string field)
    {
        var answer = await _user.PostAsync("/users", body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(field, Assert.Single(answer.FieldsAtFault));
    }

    [Fact]
    public async Task Every_wrong_field_is_named_at_once()
    {
        var answer = await _user.PostAsync("/users", "{}");

        Assert.Equal(
            ["address.city", "address.line", "address.location.latitude", "address.location.longitude", "address.pinCode", "email", "mobile", "name"],
            answer.FieldsAtFault.Order());
    }

    [Fact]
    public async Task A_problem_repeats_nothing_of_what_was_sent()
    {
        var answer = await _user.PostAsync("/users", Registration.With("""{"mobile":"98765-43210"}"""));

        Assert.DoesNotContain("43210", answer.Body!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_over_the_limit_is_refused()
    {
        var answer = await _user.PostAsync("/users", Registration.With($$"""{"name":"{{new string('a', 70_000)}}"}"""));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.Status);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData(null)]
    public async Task A_body_that_is_not_said_to_be_json_is_refused(string? mediaType)
    {
        using var content = new StringContent("name=Asha");
        content.Headers.ContentType = mediaType is null ? null : new(mediaType);
        using var answer = await _user.Client.PostAsync("/users", content, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public void A_misspelt_field_is_refused_by_every_request_type()
    {
        var inputs = typeof(IInput).Assembly.GetTypes().Where(t => t.IsClass && t.IsAssignableTo(typeof(IInput))).ToArray();

        Assert.NotEmpty(inputs);
        Assert.All(inputs, t => Assert.Equal(
            JsonUnmappedMemberHandling.Disallow, t.GetCustomAttribute<JsonUnmappedMemberHandlingAttribute>()?.UnmappedMemberHandling));
    }
}
