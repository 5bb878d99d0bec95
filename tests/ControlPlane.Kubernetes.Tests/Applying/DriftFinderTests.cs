using System.Text.Json;
using ControlPlane.Kubernetes.Applying;

namespace ControlPlane.Kubernetes.Tests.Applying;

public sealed class DriftFinderTests
{
    [Theory]
    [InlineData("""{"spec":{"replicas":2}}""", """{"spec":{"replicas":2,"paused":false},"status":{"replicas":1}}""")]
    [InlineData("""{"apiVersion":"v1","kind":"Service"}""", "{}")]
    [InlineData("""{"metadata":{"labels":{"a":"1"}}}""", """{"metadata":{"labels":{"a":"1","theirs":"2"}}}""")]
    [InlineData("""{"spec":{"ports":[{"port":80}]}}""", """{"spec":{"ports":[{"port":443,"protocol":"TCP"},{"port":80,"protocol":"TCP"}]}}""")]
    [InlineData("""{"spec":{"limits":{"cpu":"1000m"}}}""", """{"spec":{"limits":{"cpu":"1"}}}""")]
    [InlineData("""{"spec":{"args":[]}}""", """{"spec":{}}""")]
    [InlineData("""{"spec":{"selector":{"app":"a"}}}""", """{"spec":{"selector":{"app":"a"}}}""")]
    public void What_the_server_adds_and_what_others_own_is_no_drift(string desired, string live) => Assert.Empty(Find(desired, live));

    [Theory]
    [InlineData("""{"spec":{"replicas":2}}""", """{"spec":{"replicas":3}}""", ".spec.replicas")]
    [InlineData("""{"spec":{"replicas":2}}""", """{"spec":{}}""", ".spec.replicas")]
    [InlineData("""{"metadata":{"labels":{"a":"1"}}}""", """{"metadata":{"labels":{"a":"2"}}}""", ".metadata.labels.a")]
    [InlineData("""{"spec":{"ports":[{"port":80}]}}""", """{"spec":{"ports":[{"port":80,"protocol":"UDP"}]}}""", """.spec.ports[port=80,protocol="TCP"]""")]
    [InlineData("""{"spec":{"args":["a"]}}""", """{"spec":{"args":["a","b"]}}""", ".spec.args")]
    [InlineData("""{"spec":{"limits":{"cpu":"1000m"}}}""", """{"spec":{"limits":{"cpu":"2"}}}""", ".spec.limits.cpu")]
    public void A_declared_field_that_is_not_so_is_drift(string desired, string live, string field) => Assert.Equal([field], Find(desired, live));

    [Theory]
    [InlineData("""{"spec":{"selector":{"app":"a"}}}""", """{"spec":{"selector":{"app":"a","track":"b"}}}""", ".spec.selector")]
    [InlineData("""{"spec":{"podSelector":{}}}""", """{"spec":{"podSelector":{"matchLabels":{"app":"a"}}}}""", ".spec.podSelector")]
    [InlineData("""{"spec":{"selector":{"matchLabels":{"a":"1"}}}}""", """{"spec":{"selector":{"matchLabels":{"a":"1","b":"2"}}}}""", ".spec.selector.matchLabels")]
    [InlineData("""{"spec":{"nodeSelector":{"disk":"ssd"}}}""", """{"spec":{"nodeSelector":{"disk":"ssd","zone":"a"}}}""", ".spec.nodeSelector")]
    public void A_label_that_somebody_added_to_a_selector_is_drift(string desired, string live, string field) => Assert.Equal([field], Find(desired, live));

    private static IEnumerable<string> Find(string desired, string live) =>
        DriftFinder.Find(JsonElement.Parse(desired), JsonElement.Parse(live)).Select(field => field.ToString());
}
