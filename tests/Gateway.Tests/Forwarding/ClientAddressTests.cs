using System.Net;
using Gateway.Forwarding;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.Forwarding;

public sealed class ClientAddressTests
{
    [Theory]
    [InlineData(0, "1.1.1.1", "10.0.0.9")]
    [InlineData(1, "1.1.1.1", "1.1.1.1")]
    [InlineData(1, "6.6.6.6, 1.1.1.1", "1.1.1.1")]
    [InlineData(2, "6.6.6.6, 1.1.1.1, 2.2.2.2", "1.1.1.1")]
    [InlineData(2, "1.1.1.1", "10.0.0.9")]
    [InlineData(1, "nonsense", "10.0.0.9")]
    [InlineData(1, "", "10.0.0.9")]
    public void Only_what_proxies_of_our_own_added_is_believed(int trusted, string header, string expected)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse("::ffff:10.0.0.9");
        context.Request.Headers["X-Forwarded-For"] = header;

        Assert.Equal(expected, ClientAddress.Of(context, trusted).ToString());
    }

    [Theory]
    [InlineData(0, "10.0.0.9")]
    [InlineData(1, "6.6.6.6, 10.0.0.9")]
    public void A_service_is_not_told_what_is_not_believed(int trusted, string expected)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse("10.0.0.9");
        context.Request.Headers["X-Forwarded-For"] = "6.6.6.6";

        Assert.Equal(expected, ClientAddress.ForwardedFor(context, trusted));
    }
}
