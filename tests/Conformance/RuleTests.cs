using System.Net;
using Conformance.Cluster;

namespace Conformance;

/// <summary>Rules in CEL (<c>x-kubernetes-validations</c>).</summary>
public sealed class RuleTests(TestCluster cluster) : ClusterTest(cluster)
{
    [Fact]
    public async Task A_broken_rule_refuses_the_object_with_its_own_message()
    {
        (await Widgets.CreateAsync(Widget("a", """{"owner": "Meera", "replicas": 3, "max": 3}"""))).Expect(HttpStatusCode.Created);

        var refused = (await Widgets.PatchAsync("a", """{"spec": {"replicas": 4}}""")).ExpectFailure(HttpStatusCode.UnprocessableEntity, "Invalid");

        var cause = Assert.Single(refused.At("details.causes")!.AsArray());
        Assert.Equal(("FieldValueInvalid", "spec.replicas"), (cause.Text("reason"), cause.Text("field")));
        Assert.EndsWith("Meera wants too many", cause.Text("message"));
    }

    [Fact]
    public async Task A_transition_rule_is_for_updates()
    {
        await Widgets.CreateAsync(Widget("a", """{"owner": "me"}"""));

        var refused = (await Widgets.PatchAsync("a", """{"spec": {"owner": "you"}}""")).ExpectFailure(HttpStatusCode.UnprocessableEntity, "Invalid");

        Assert.Contains("owner is immutable", refused.Text("message"));
        (await Widgets.PatchAsync("a", """{"spec": {"color": "red"}}""")).Expect(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("self.missing == 'x'", "undefined field 'missing'")]
    [InlineData("self.text + 1 == 2", "no matching overload")]
    [InlineData("self.text ==", "Syntax error")]
    [InlineData("self.text", "must evaluate to a bool")]
    [InlineData("unknownFunction(self.text)", "undeclared reference to 'unknownFunction'")]
    public async Task A_rule_that_can_not_be_evaluated_is_refused_when_it_is_installed(string rule, string reason)
    {
        var kind = CustomKind.OfThisRun("Broken", "brokens");

        var refused = await Api.Definitions.CreateAsync(kind.Definition(VersionWith(rule)));

        refused.ExpectFailure(HttpStatusCode.UnprocessableEntity, "Invalid");
        Assert.Equal(
            "spec.validation.openAPIV3Schema.properties[spec].x-kubernetes-validations[0].rule", refused.Text("details.causes.0.field"));
        Assert.Contains(reason, refused.Text("message"));
    }

    [Fact]
    public async Task A_rule_that_may_cost_too_much_is_refused_when_it_is_installed()
    {
        var kind = CustomKind.OfThisRun("Costly", "costlies");

        var refused = await Api.Definitions.CreateAsync(kind.Definition(VersionWith("self.list.all(a, self.list.all(b, self.list.all(c, a + b + c != 'x')))", """ "items": {"type": "string"} """)));

        refused.ExpectFailure(HttpStatusCode.UnprocessableEntity, "Invalid");
        Assert.Contains("estimated rule cost exceeds budget", refused.Text("message"));
    }

    [Theory]
    [InlineData("self.list.exists_one(x, x.startsWith('a'))", """["apple", "pear"]""", """["apple", "apricot"]""")]
    [InlineData("self.list.map(x, size(x)).sum() < 10", """["abc"]""", """["abcdef", "abcdef"]""")]
    [InlineData("self.list == self.list.filter(x, x.matches('^[a-z]+$'))", """["abc"]""", """["a1"]""")]
    [InlineData("size(self.list) < 2 || duration(self.list[0]) < duration(self.list[1])", """["1m", "1h"]""", """["1h", "60s"]""")]
    [InlineData("self.list.all(x, quantity(x).isLessThan(quantity('1Gi')))", """["500Mi"]""", """["2Gi"]""")]
    [InlineData("self.list.all(x, url(x).getScheme() == 'https')", """["https://a.example"]""", """["http://a.example"]""")]
    [InlineData("self.?text.orValue('') == '' && !has(self.__namespace__)", "[]", """[], "text": "x" """)]
    public async Task Rules_are_evaluated(string rule, string good, string bad)
    {
        var kind = CustomKind.OfThisRun("Ruled", $"ruled{Math.Abs(string.GetHashCode(rule, StringComparison.Ordinal))}");
        await InstallAsync(kind, VersionWith(rule));
        var objects = Custom(kind);
        string Object(string list) => $$"""{"apiVersion": "{{kind.Group}}/v1", "kind": "Ruled", "metadata": {"name": "a"}, "spec": {"list": {{list}} } }""";

        (await objects.CreateAsync(Object(bad))).ExpectFailure(HttpStatusCode.UnprocessableEntity, "Invalid");
        (await objects.CreateAsync(Object(good))).Expect(HttpStatusCode.Created);
    }

    private static string VersionWith(string rule, string bounds = """ "maxItems": 5, "items": {"type": "string", "maxLength": 50} """) => CustomKind.Version($$"""
        {"spec": {
          "type": "object",
          "x-kubernetes-validations": [{"rule": "{{rule}}"}],
          "properties": {
            "text": {"type": "string"}, "namespace": {"type": "string"}, "list": {"type": "array", {{bounds}} }
          }
        } }
        """);
}
