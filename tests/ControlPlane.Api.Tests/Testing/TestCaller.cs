using ControlPlane.Api.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace ControlPlane.Api.Tests.Testing;

/// <summary>Who a test asks as. Sign-in has tests of its own; here the caller is who the request says, an admin where it says nothing.</summary>
internal static class TestCaller
{
    /// <summary>Header: kind, id, id of the owner, and grants, with semicolons between; grants as <c>role[@namespace]</c> with commas between.</summary>
    private const string Header = "X-Test-Caller";

    public static Caller Admin { get; } = Of("admin", new RoleGrant(Role.Admin));

    public static Caller Of(string id, params IReadOnlyList<RoleGrant> grants) => new()
    {
        Kind = CallerKind.Person,
        Id = id,
        DisplayName = id.ToUpperInvariant(),
        Grants = grants,
        Via = "rest",
        Address = "203.0.113.7",
    };

    public static HttpRequestMessage As(this HttpRequestMessage request, Caller caller)
    {
        request.Headers.Add(Header, $"{caller.Kind};{caller.Id};{caller.OwnerId};{string.Join(',', caller.Grants.Select(grant => grant.Namespace is null ? $"{grant.Role}" : $"{grant.Role}@{grant.Namespace}"))}");
        return request;
    }

    /// <summary>Makes the caller who the request says.</summary>
    public static void UseTestCallers(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        var caller = context.Request.Headers[Header].ToString() is { Length: > 0 } text ? Read(text) : Admin;
        context.RequestServices.GetRequiredService<CallerContext>().Become(caller);
        return next(context);
    });

    private static Caller Read(string text)
    {
        var parts = text.Split(';');
        return Of(parts[1], [.. parts[3].Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Grant)]) with
        {
            Kind = Enum.Parse<CallerKind>(parts[0]),
            OwnerId = parts[2].Length > 0 ? parts[2] : null,
        };
    }

    private static RoleGrant Grant(string text) => text.Split('@') is [var role, var ns] ? new(Enum.Parse<Role>(role), ns) : new(Enum.Parse<Role>(text));
}
