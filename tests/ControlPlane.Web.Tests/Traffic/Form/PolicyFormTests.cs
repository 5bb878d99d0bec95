using System.Text.Json.Nodes;
using ControlPlane.Api.Plans;
using ControlPlane.Api.Traffic.Editing;
using ControlPlane.Web.Traffic.Form;

namespace ControlPlane.Web.Tests.Traffic.Form;

public sealed class PolicyFormTests
{
    private static readonly SchemaField Schema = SchemaField.Read("spec", JsonNode.Parse("""
        {"type":"object","required":["targetRefs"],"properties":{
          "targetRefs":{"type":"array","items":{"type":"object","required":["kind","name"],"properties":{"kind":{"type":"string","enum":["ManagedService"]},"name":{"type":"string"},"group":{"type":"string"}}}},
          "methods":{"type":"array","items":{"type":"string","enum":["GET","POST"]}},
          "openFor":{"type":"string","default":"30s"},
          "force":{"type":"object","required":["state"],"properties":{"state":{"type":"string","enum":["Open","Closed"]},"reason":{"type":"string"}}}}}
        """)!.AsObject(), isRequired: true);

    [Theory]
    [InlineData("spec.targetRefs[0].name", "spec.targetRefs[0].name")] // there, though nobody has filled it in
    [InlineData("spec.targetRefs[0].group", "spec.targetRefs[0]")] // not there: at what it would be in
    [InlineData("spec.targetRefs[1].name", "spec.targetRefs")]
    [InlineData("spec.methods[0]", "spec.methods")] // ticks have no fields of their own
    [InlineData("spec.force.state", "spec")]
    [InlineData("metadata.name", "spec")]
    [InlineData("", "spec")]
    public void A_problem_is_shown_at_the_nearest_field_that_the_form_has(string field, string shownAt)
    {
        var form = new PolicyForm(Schema, JsonNode.Parse("""{"targetRefs":[{"kind":"ManagedService"}],"methods":["GET"]}""")!.AsObject(), () => { });

        form.Show([new ManifestProblem(1, field, "wrong")]);

        Assert.Equal(["wrong"], form.ProblemsAt(shownAt));
    }

    [Fact]
    public void What_is_changed_is_no_longer_said_to_be_wrong()
    {
        var told = 0;
        var form = new PolicyForm(Schema, [], () => told++);
        form.Show([new ManifestProblem(1, "spec", "wrong")]);

        form.Touch();

        Assert.Equal((0, 1), (form.ProblemsAt("spec").Count, told));
    }

    [Fact]
    public void A_setting_that_is_added_begins_with_its_default_and_with_what_it_must_have()
    {
        SchemaField Field(string name) => Schema.Fields.Single(field => field.Name == name);

        Assert.Equal("\"30s\"", Field("openFor").Blank().ToJsonString());
        Assert.Equal("""{"state":"Open"}""", Field("force").Blank().ToJsonString());
        Assert.Equal("""[{"kind":"ManagedService","name":""}]""", Field("targetRefs").Blank().ToJsonString());
        Assert.Equal("[]", Field("methods").Blank().ToJsonString());
    }
}
