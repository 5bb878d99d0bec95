using System.Text.Json.Nodes;
using ControlPlane.Api.Audit.Recording;

namespace ControlPlane.Api.Tests.Audit.Recording;

public sealed class RecordedStateTests
{
    [Fact]
    public void Secrets_are_not_recorded_wherever_they_stand()
    {
        var state = RecordedState.Of(JsonNode.Parse("""
            {"kind":"Deployment","metadata":{"name":"cart","managedFields":[{}],"annotations":{"api-key":"topsecret-1"}},
             "spec":{"template":{"spec":{"containers":[{"name":"app","env":[
               {"name":"DB_PASSWORD","value":"topsecret-2"},{"name":"MODE","value":"fast"},
               {"name":"TOKEN","valueFrom":{"secretKeyRef":{"name":"cart","key":"token"}}}]}]}}},
             "status":{"replicas":1}}
            """)!.AsObject())!;

        Assert.DoesNotContain("topsecret", state.ToJsonString(), StringComparison.Ordinal);
        var env = state["spec"]!["template"]!["spec"]!["containers"]![0]!["env"]!;
        Assert.Equal(("fast", "token"), ((string)env[1]!["value"]!, (string)env[2]!["valueFrom"]!["secretKeyRef"]!["key"]!));
        Assert.Null(state["status"] ?? state["metadata"]!["managedFields"]);
    }

    [Fact]
    public void A_Secret_is_told_by_its_keys() => Assert.Equal(
        """{"kind":"Secret","data":{"key":"(hidden)"}}""",
        RecordedState.Of(JsonNode.Parse("""{"kind":"Secret","data":{"key":"dG9wc2VjcmV0"}}""")!.AsObject())!.ToJsonString());
}
