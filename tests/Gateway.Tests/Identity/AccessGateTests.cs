using System.Security.Claims;
using ControlPlane.Kubernetes.Resources;
using Gateway.Identity;
using Gateway.Policies;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.Identity;

public sealed class AccessGateTests
{
    private static readonly AccessOptions Access = new("shop/orders", [
        new() { Callers = new HashSet<ObjectKey> { new("shop", "cart") } },
        new() { Callers = new HashSet<ObjectKey> { new("bank", "*") }, Methods = ["GET"], Paths = ["/orders/*", "/healthz"] },
    ]);

    [Theory]
    [InlineData("system:serviceaccount:shop:cart", "POST", "/anything", true)]
    [InlineData("system:serviceaccount:shop:user", "GET", "/orders/1", false)]
    [InlineData("system:serviceaccount:bank:ledger", "GET", "/orders/1", true)]
    [InlineData("system:serviceaccount:bank:ledger", "GET", "/healthz", true)]
    [InlineData("system:serviceaccount:bank:ledger", "GET", "/healthz2", false)]
    [InlineData("system:serviceaccount:bank:ledger", "POST", "/orders/1", false)]
    [InlineData("asha", "GET", "/orders/1", false)]
    [InlineData("system:serviceaccount:bank", "GET", "/orders/1", false)]
    public void A_caller_may_what_a_rule_for_its_service_allows(string subject, string method, string path, bool may)
    {
        var caller = Caller.OfToken(new ClaimsIdentity([new Claim("sub", subject)]), [], []);

        Assert.Equal(may, AccessGate.Permits(Access, caller, Request(method, path)));
    }

    [Fact]
    public void A_client_with_a_key_is_the_service_of_that_name()
    {
        Assert.True(AccessGate.Permits(Access, Caller.OfKey("cart", "shop", []), Request("PUT", "/")));
        Assert.False(AccessGate.Permits(Access, Caller.OfKey("cart", "bazaar", []), Request("PUT", "/")));
    }

    [Fact]
    public void Claims_become_headers_and_those_that_can_not_or_are_absent_only_remove_what_the_caller_sent()
    {
        var claims = new ClaimsIdentity([new Claim("sub", "asha"), new Claim("role", "a"), new Claim("role", "b"), new Claim("name", "आशा")]);

        var caller = Caller.OfToken(claims, [new("user-id", "sub"), new("roles", "role"), new("user-name", "name"), new("tenant", "tid")], ["user-id", "roles", "user-name", "tenant", "of-another-issuer"]);

        Assert.Equal(
            ["of-another-issuer=", "roles=a,b", "tenant=", "user-id=asha", "user-name="], caller.Headers.Select(header => $"{header.Key}={header.Value}").Order(StringComparer.Ordinal));
    }

    private static HttpRequest Request(string method, string path) => new DefaultHttpContext { Request = { Method = method, Path = path } }.Request;
}
