namespace ControlPlane.Api.Tests.Testing;

/// <summary>Declarations of services, as YAML.</summary>
internal static class Declarations
{
    /// <summary>A service that the operator runs.</summary>
    public static string Service(string ns, string name, string team = "orders", string tier = "Standard", string image = "fleet/app:1.0.0", params string[] dependsOn) => $$"""
        apiVersion: fleet.dabbawala.dev/v1alpha1
        kind: ManagedService
        metadata:
          name: {{name}}
          namespace: {{ns}}
        spec:
          owner: {team: {{team}}}
          tier: {{tier}}
          dependsOn: [{{string.Join(", ", dependsOn.Select(other => $"{{name: {other}}}"))}}]
          workload:
            image: {{image}}
            ports:
            - {name: http, port: 8080}

        """;
}
