namespace ControlPlane.Api.Tests.Onboarding;

/// <summary>What a team has before it meets the control plane.</summary>
internal static class ExistingShop
{
    public static string Workload(string ns) => $$"""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: cart
          namespace: {{ns}}
          labels: {team: checkout}
        spec:
          replicas: 2
          selector:
            matchLabels: {app: cart}
          template:
            metadata:
              labels: {app: cart}
            spec:
              containers:
              - name: cart
                image: company/cart:2.1.0
                ports:
                - {name: http, containerPort: 8080}
        ---
        apiVersion: v1
        kind: Service
        metadata:
          name: cart-front
          namespace: {{ns}}
        spec:
          selector: {app: cart}
          ports:
          - {name: http, port: 80, targetPort: 8080}
        """;

    public static string Adoption(string ns) => $$"""
        apiVersion: fleet.dabbawala.dev/v1alpha1
        kind: ManagedService
        metadata: {name: cart, namespace: {{ns}}}
        spec:
          owner: {team: checkout}
          workloadRef: {kind: Deployment, name: cart, service: cart-front}
        """;
}
