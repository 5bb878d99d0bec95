using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Applying;

namespace ControlPlane.Kubernetes.Tests.Applying;

public sealed class ManagedFieldsUpgradeTests
{
    [Theory]
    [InlineData("""{"resourceVersion":"7"}""")]
    [InlineData("""{"resourceVersion":"7","managedFields":[{"manager":"somebody","operation":"Update","fieldsV1":{}}]}""")]
    [InlineData("""{"resourceVersion":"7","managedFields":[{"manager":"us","operation":"Update","subresource":"status","fieldsV1":{}}]}""")]
    public void There_is_nothing_to_upgrade_where_no_entry_is_ours_any_more(string metadata) =>
        Assert.Null(ManagedFieldsUpgrade.Patch(JsonNode.Parse(metadata)!.AsObject(), "us", released: null));
}
