using Compliance.Audit.Testing;
using ControlPlane.Api.Access;
using ControlPlane.Api.Hosting;
using ControlPlane.Api.Tests.Testing;
using ControlPlane.Kubernetes.Controllers;
using ControlPlane.Kubernetes.Resources;
using Microsoft.Extensions.DependencyInjection;
using Operators.Cluster;

namespace ControlPlane.Api.Tests.Hosting;

public sealed class RolesTests
{
    [Theory]
    [InlineData(ControlPlaneRoles.Operators, false)]
    [InlineData(ControlPlaneRoles.Operators | ControlPlaneRoles.Console, true)]
    [InlineData(ControlPlaneRoles.Api, true)]
    public async Task A_process_follows_events_and_keeps_activities_where_it_can_be_asked_for_them(ControlPlaneRoles roles, bool follows)
    {
        var data = Directory.CreateTempSubdirectory("dabbawala-roles-");
        try
        {
            await using var app = ControlPlaneHost.Build(new Uri("http://127.0.0.1:1"), data.FullName, new AccessOptions(), new InMemoryAuditLog(), roles: roles, meters: new UnheardMeters());

            var followed = app.Services.GetRequiredService<FleetCaches>().All.Select(informer => informer.Type).ToList();

            Assert.Equal(follows, followed.Contains(KnownResources.Events));
            Assert.Contains(KnownResources.Pods, followed);
            Assert.Equal(follows, app.Services.GetServices<IReconcileObserver>().Any());
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }
}
