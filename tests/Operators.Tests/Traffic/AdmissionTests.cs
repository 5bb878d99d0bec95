using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Traffic;
using Operators.Tests.Testing;
using Operators.Traffic;

namespace Operators.Tests.Traffic;

public sealed class AdmissionTests
{
    private static readonly ObjectKey Order = Samples.Key("order");
    private static readonly ObjectKey Web = Samples.Key("web");

    [Fact]
    public void Without_a_policy_those_that_depend_on_it_may_call() => Assert.Equal(["shop/web: depends, admitted"], Of(access: null, Web));

    [Fact]
    public void A_dependent_that_is_shut_out_is_told() => Assert.Equal(["shop/web: depends, refused"], Of(new TrafficAccess { Dependents = false }, Web));

    [Fact]
    public void A_dependent_that_is_shut_out_and_named_is_let_in_for_what_the_rule_says()
    {
        var rule = new AccessRule { From = [new() { Service = "web" }], Methods = ["GET"] };

        Assert.Equal(["shop/web: depends, admitted, GET"], Of(new TrafficAccess { Dependents = false, Allow = [rule] }, Web));
    }

    [Fact]
    public void A_star_lets_the_dependents_of_its_namespace_in_too_and_those_of_others_not()
    {
        var everyone = new AccessRule { From = [new() { Service = "*" }] };

        Assert.Equal(["bank/ledger: depends, refused", "shop/*: admitted, any", "shop/web: depends, admitted, any"], Of(new TrafficAccess { Dependents = false, Allow = [everyone] }, Web, Samples.Key("ledger", "bank")));
    }

    [Fact]
    public void A_service_that_depends_on_itself_is_no_caller() => Assert.Empty(Of(access: null, Order));

    private static IEnumerable<string> Of(TrafficAccess? access, params ObjectKey[] dependents) => Admission.Of(Order, access, dependents).Select(static item =>
        $"{item.Caller}: {string.Join(", ", (string[])[.. item.Depends ? ["depends"] : (string[])[], item.IsAdmitted ? "admitted" : "refused", .. item.Rules.Select(static rule => rule.Methods.Count > 0 ? string.Join(' ', rule.Methods) : "any")])}");
}
