using ControlPlane.Api.Access;
using CsCheck;

namespace ControlPlane.Api.Tests.Access;

public sealed class RoleGrantTests
{
    private static readonly Gen<string?> Place = Gen.Int[0, 3].Select(i => ((string?[])[null, "shop", "pay", "a-1"])[i]);

    private static readonly Gen<RoleGrant> Grants = Gen.Select(Gen.Enum<Role>(), Place, Place, (role, ns, team) => new RoleGrant(role, ns, team));

    [Fact]
    public void What_is_written_reads_back() => Grants.Sample(grant => RoleGrant.Parse(grant.ToString()) == grant);

    [Theory]
    [InlineData("")]
    [InlineData("root")]
    [InlineData("viewer@")]
    [InlineData("viewer@shop/")]
    [InlineData("viewer@Shop")]
    [InlineData("viewer @shop")]
    [InlineData("viewer@shop/a/b")]
    public void What_is_no_grant_is_none(string text) => Assert.Null(RoleGrant.Parse(text));

    [Fact]
    public void A_grant_that_covers_another_gives_all_that_it_gives() => Gen.Select(Grants, Grants, Place, Place).Sample((wide, narrow, ns, team) =>
        !wide.Covers(narrow) || Permissions.All.All(permission => !new AccessScope(permission, [narrow]).Includes(ns, team) || new AccessScope(permission, [wide]).Includes(ns, team)));

    [Fact]
    public void A_scope_includes_just_what_one_of_its_grants_gives() => Gen.Select(Grants.List[0, 4], Gen.Int[0, Permissions.All.Count - 1].Select(i => Permissions.All[i]), Place, Place).Sample((grants, permission, ns, team) =>
        new AccessScope(permission, grants).Includes(ns, team) == grants.Any(grant =>
            permission.IsHeldBy(grant.Role) && (permission.IsOwn || ((grant.Namespace is null || grant.Namespace == ns) && (grant.Team is null || grant.Team == team)))));

    [Fact]
    public void Only_an_admin_covers_an_admin() => Assert.All(Enum.GetValues<Role>(), role => Assert.Equal(role == Role.Admin, new RoleGrant(role).Covers(new(Role.Admin))));

    [Fact]
    public void Every_permission_is_listed_once_and_found_by_its_name()
    {
        var declared = typeof(Permissions).GetProperties().Where(property => property.PropertyType == typeof(Permission)).Select(property => (Permission)property.GetValue(null)!);

        Assert.Equal(declared.OrderBy(permission => permission.Name), Permissions.All.OrderBy(permission => permission.Name));
        Assert.All(Permissions.All, permission => Assert.Same(permission, Permissions.Named(permission.Name)));
    }
}
