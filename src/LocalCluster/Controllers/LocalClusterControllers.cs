using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Controllers;
using ControlPlane.Kubernetes.Events;
using ControlPlane.Kubernetes.Hosting;
using ControlPlane.Kubernetes.Metrics;
using ControlPlane.Kubernetes.Resources;
using LocalCluster.Controllers.Autoscaling;
using LocalCluster.Controllers.Deployments;
using LocalCluster.Controllers.Disruptions;
using LocalCluster.Controllers.Endpoints;
using LocalCluster.Controllers.Nodes;
using LocalCluster.Controllers.ReplicaSets;
using LocalCluster.Controllers.Scheduling;
using LocalCluster.Workloads;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LocalCluster.Controllers;

/// <summary>
/// The controllers and the scheduler of a cluster that has none of its own: Deployments, ReplicaSets and ReplicationControllers, endpoints,
/// autoscalers within their bounds, disruption budgets, the life cycle of nodes. They talk to the API over HTTP and do what
/// kube-controller-manager and kube-scheduler 1.36 do, under their names. Never run them on a cluster that has those.
/// </summary>
public sealed class LocalClusterControllers : BackgroundService
{
    /// <summary>Under what the API records who wrote.</summary>
    private const string ControllerManager = "kube-controller-manager";

    private const string Scheduler = "kube-scheduler";

    private readonly WorkloadCaches _caches;
    private readonly List<Controller> _controllers = [];
    private readonly List<EventRecorder> _recorders = [];
    private readonly KubeApi _api;
    private readonly RuntimeMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _loggers;

    /// <summary>Makes the controllers; nothing is sent until they are started.</summary>
    public LocalClusterControllers(KubeApi api, RuntimeMetrics metrics, TimeProvider time, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(loggers);
        _api = api;
        _metrics = metrics;
        _time = time;
        _loggers = loggers;
        _caches = new WorkloadCaches(api, metrics, time, loggers);
        AddWorkloads();
        AddScheduler();
        AddNodes();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        foreach (var recorder in _recorders)
        {
            await recorder.StartAsync(stoppingToken);
        }

        IEnumerable<Func<CancellationToken, Task>> informers = _caches.All.Select(informer => (Func<CancellationToken, Task>)informer.RunAsync);
        await Together.RunAsync([.. informers, .. _controllers.Select(controller => (Func<CancellationToken, Task>)controller.RunAsync)], stoppingToken);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _recorders.ForEach(recorder => recorder.Dispose());
        _controllers.ForEach(controller => controller.Queue.Dispose());
        base.Dispose();
    }

    private void AddWorkloads()
    {
        var writer = new ObjectWriter(_api, ControllerManager);
        var claims = new OwnerClaims(_api, writer);
        var expectations = new PodExpectations(_time);
        expectations.Follow(_caches);

        var sets = new ReplicaSetKind(
            KnownResources.ReplicaSets, _caches.ReplicaSets, _caches.ReplicaSetsByNamespace, CountsTerminating: true);
        Add(sets.Watch(_caches), new ReplicaSetReconciler(sets, _caches, expectations, claims, writer, Recorder("replicaset-controller"), _time));
        var controllers = new ReplicaSetKind(
            WorkloadKinds.ReplicationControllers, _caches.ReplicationControllers, _caches.ReplicationControllersByNamespace, CountsTerminating: false);
        Add(controllers.Watch(_caches), new ReplicaSetReconciler(controllers, _caches, expectations, claims, writer, Recorder("replication-controller"), _time));

        Add(DeploymentController.Watch(_caches), new DeploymentReconciler(_caches, _api, claims, writer, Recorder("deployment-controller"), _time));
        Add(EndpointController.Watch(_caches), new EndpointReconciler(_caches, writer));
        var targets = new ScaleTargets(_caches);
        Add(targets.Watch(), new AutoscalerReconciler(_caches, targets, writer, Recorder("horizontal-pod-autoscaler"), _time));
        var disruptions = new DisruptionReconciler(_caches, writer, _time);
        Add(disruptions.Watch(), disruptions);
    }

    private void AddScheduler()
    {
        var assumptions = new Assumptions();
        assumptions.Follow(_caches.Pods);
        var writer = new ObjectWriter(_api, Scheduler);
        Add(SchedulerController.Watch(_caches), new SchedulerReconciler(_caches, assumptions, writer, Recorder("default-scheduler"), _time));
    }

    private void AddNodes()
    {
        var writer = new ObjectWriter(_api, ControllerManager);
        var heartbeats = new NodeHeartbeats(_time);
        heartbeats.Follow(_caches);
        var lifecycle = new NodeLifecycleReconciler(_caches, heartbeats, writer, Recorder("node-controller"), _time);
        Add(lifecycle.Watch(), lifecycle);
        var evictions = new TaintEvictionReconciler(_caches, writer, Recorder("taint-eviction-controller"), _time);
        Add(evictions.Watch(), evictions);
        var collector = new PodCollectorReconciler(_caches, writer, _time);
        Add(collector.Watch(), collector);
    }

    private void Add(ControllerBuilder builder, IReconciler reconciler) =>
        _controllers.Add(builder.Build(new OutdatedViewRetry(reconciler), _metrics, [], _time, _loggers.CreateLogger<Controller>()));

    private EventRecorder Recorder(string name)
    {
        var recorder = new EventRecorder(_api, name, Environment.MachineName, _time, _loggers.CreateLogger<EventRecorder>());
        _recorders.Add(recorder);
        return recorder;
    }
}
