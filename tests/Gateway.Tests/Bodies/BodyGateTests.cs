using System.Text;
using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Resources.Traffic.Schemas;
using Gateway.Bodies;
using Gateway.Policies;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.Bodies;

public sealed class BodyGateTests
{
    private static readonly BodyCheck Order = new(
        "order", "shop/schemas", BodyCheck.DefaultMethods, ["/orders*"], BodySchemaReader.Read(JsonNode.Parse("""{"type": "object", "required": ["sku"]}""")!.AsObject(), "", out _)!);

    [Theory]
    [InlineData("POST", "/orders", """{"sku": 1}""", null)]
    [InlineData("POST", "/orders", """{}""", "/sku")]
    [InlineData("POST", "/orders", "sku", "")]
    [InlineData("POST", "/orders", "", "")]
    [InlineData("POST", "/orders", """{"sku": 1, "sku": 2}""", "")]
    [InlineData("GET", "/orders", "", null)]
    [InlineData("POST", "/carts", "sku", null)]
    public async Task A_body_passes_or_the_place_at_fault_is_told(string method, string path, string body, string? place)
    {
        var verdict = await CheckAsync(Request(method, path, body));

        Assert.Equal(place, verdict.Violation?.Pointer);
    }

    [Fact]
    public async Task A_body_that_was_checked_is_there_to_be_sent_on()
    {
        var context = Request("POST", "/orders", """{"sku": 1}""");
        await CheckAsync(context);

        Assert.Equal("""{"sku": 1}""", await new StreamReader(context.Request.Body).ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_that_is_too_large_to_be_checked_is_refused_whether_it_tells_its_length_or_not(bool tells)
    {
        var context = Request("POST", "/orders", new string(' ', BodyGate.Largest + 1));
        context.Request.ContentLength = tells ? BodyGate.Largest + 1 : null;

        Assert.True((await CheckAsync(context)).IsTooLarge);
    }

    [Fact]
    public async Task A_body_that_is_nested_without_end_is_refused() =>
        Assert.Equal("", (await CheckAsync(Request("POST", "/orders", new string('[', 100_000)))).Violation?.Pointer);

    private static ValueTask<BodyVerdict> CheckAsync(HttpContext context) => BodyGate.CheckAsync([Order], context, TestContext.Current.CancellationToken);

    private static DefaultHttpContext Request(string method, string path, string body) =>
        new() { Request = { Method = method, Path = path, Body = new MemoryStream(Encoding.UTF8.GetBytes(body)), ContentLength = Encoding.UTF8.GetByteCount(body) } };
}
