using System.Globalization;
using System.Text.Json;
using ControlPlane.Kubernetes.Resources;
using k8s.Models;
using LocalCluster.Controllers.Deployments;
using LocalCluster.Workloads;
using static LocalCluster.Controllers.Deployments.DeploymentConditions;

namespace LocalCluster.Tests.Controllers;

public sealed class DeploymentPlannerTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_new_template_gets_a_set_with_the_next_number_and_a_name_that_follows_from_it()
    {
        var old = Set("web-old", Template("v1"), replicas: 3, revision: 4);

        var plan = Plan(Deployment(Template("v2")), old);

        var created = Assert.IsType<ReplicaSet>(plan.Created);
        Assert.Equal("5", created.Metadata.Annotations[Revisions.RevisionAnnotation]);
        Assert.Equal($"web-{created.Metadata.Labels[PodTemplate.HashLabel]}", created.Metadata.Name);
        Assert.Equal(created.Metadata.Labels[PodTemplate.HashLabel], created.Spec.Selector!.MatchLabels[PodTemplate.HashLabel]);
        Assert.Equal(1, created.Spec.Replicas);
        Assert.Equal(5, plan.Revision);
        Assert.Equal(NewReplicaSetCreated, plan.Status.Conditions.Find(Progressing)!.Reason);
    }

    [Fact]
    public void A_template_that_was_there_before_is_rolled_back_to_under_a_new_number()
    {
        var first = Set("web-1", Template("v1"), replicas: 0, revision: 1);
        var second = Set("web-2", Template("v2"), replicas: 3, revision: 2);

        var plan = Plan(Deployment(Template("v1")), first, second);

        Assert.Null(plan.Created);
        var changed = Assert.Single(plan.Changed, change => change.Before == first).After;
        Assert.Equal("3", changed.Metadata.Annotations[Revisions.RevisionAnnotation]);
        Assert.Equal("1", changed.Metadata.Annotations["deployment.kubernetes.io/revision-history"]);
        Assert.Equal(1, changed.Spec.Replicas);
    }

    [Fact]
    public void A_set_that_carries_the_hash_label_has_the_template_of_its_deployment()
    {
        var template = Template("v1");

        Assert.True(template.WithLabel(PodTemplate.HashLabel, "abc").IsSameAs(template));
        Assert.False(template.WithLabel("tier", "web").IsSameAs(template));
        Assert.NotEqual(template.Hash(0), template.Hash(1));
        Assert.Equal(template.Hash(0), Template("v1").Hash(0));
    }

    [Fact]
    public void The_order_of_fields_makes_no_new_template()
    {
        var one = Parse("""{"spec":{"containers":[{"name":"a","image":"b"}],"restartPolicy":"Always"}}""");
        var other = Parse("""{"spec":{"restartPolicy":"Always","containers":[{"image":"b","name":"a"}]}}""");

        Assert.True(one.IsSameAs(other));
    }

    [Fact]
    public void Nothing_is_planned_for_a_deployment_that_is_as_it_should_be()
    {
        var deployment = Deployment(Template("v1")) with { Metadata = new ObjectMeta { Name = "web", Namespace = "shop", Generation = 1 } };
        var set = Set("web-1", Template("v1"), replicas: 3, revision: 1, available: 3);
        var settled = deployment with { Status = Plan(deployment, set).Status };

        var plan = Plan(settled, set);

        Assert.Null(plan.Created);
        Assert.Empty(plan.Deleted);
        Assert.All(plan.Changed, change => Assert.Equal(change.Before.Metadata.Annotations, change.After.Metadata.Annotations));
        Assert.Null(ObjectWriter.StatusDiff(settled.Status, plan.Status));
    }

    [Fact]
    public void Annotations_of_the_deployment_reach_its_newest_set_except_those_about_itself()
    {
        var deployment = Deployment(Template("v1"));
        deployment = deployment with
        {
            Metadata = deployment.Metadata with
            {
                Annotations = new Dictionary<string, string>
                {
                    ["kubernetes.io/change-cause"] = "security fix",
                    ["kubectl.kubernetes.io/last-applied-configuration"] = "{}",
                },
            },
        };

        var created = Plan(deployment).Created!;

        Assert.Equal("security fix", created.Metadata.Annotations["kubernetes.io/change-cause"]);
        Assert.DoesNotContain("kubectl.kubernetes.io/last-applied-configuration", created.Metadata.Annotations.Keys);
    }

    [Fact]
    public void A_paused_deployment_scales_but_does_not_roll()
    {
        var set = Set("web-1", Template("v1"), replicas: 3, revision: 1, available: 3, sizedFor: 3);
        var deployment = Deployment(Template("v2"), replicas: 5);

        var plan = Plan(deployment with { Spec = deployment.Spec with { Paused = true } }, set);

        Assert.Null(plan.Created);
        Assert.Equal(5, Assert.Single(plan.Changed).After.Spec.Replicas);
        Assert.Equal(DeploymentPaused, plan.Status.Conditions.Find(Progressing)!.Reason);
    }

    [Fact]
    public void Scaling_comes_before_rolling()
    {
        var set = Set("web-1", Template("v1"), replicas: 3, revision: 1, available: 3, sizedFor: 3);

        var plan = Plan(Deployment(Template("v2"), replicas: 6), set);

        Assert.Null(plan.Created);
        Assert.Equal(6, Assert.Single(plan.Changed).After.Spec.Replicas);
    }

    [Fact]
    public void Recreate_waits_until_the_last_old_pod_has_ended()
    {
        var deployment = Deployment(Template("v2"));
        deployment = deployment with { Spec = deployment.Spec with { Strategy = new DeploymentStrategy { Type = "Recreate" } } };
        var running = Set("web-1", Template("v1"), replicas: 3, revision: 1, available: 3, sizedFor: 3);
        var stopping = Set("web-1", Template("v1"), replicas: 0, revision: 1, sizedFor: 3);

        Assert.Equal(0, Assert.Single(Plan(deployment, running).Changed).After.Spec.Replicas);
        Assert.Null(DeploymentPlanner.Plan(deployment, [stopping], _ => true, Now).Created);
        Assert.Equal(3, DeploymentPlanner.Plan(deployment, [stopping], _ => false, Now).Created!.Spec.Replicas);
    }

    [Fact]
    public void A_rollout_without_progress_for_its_deadline_is_stuck_and_stays_so_until_it_progresses()
    {
        var deployment = Deployment(Template("v1"));
        var set = Set("web-1", Template("v1"), replicas: 3, revision: 1, available: 1);
        var started = deployment with { Status = DeploymentPlanner.Plan(deployment, [set], _ => false, Now).Status };

        var before = DeploymentPlanner.Plan(started, [set], _ => false, Now.AddSeconds(599));
        var after = DeploymentPlanner.Plan(started, [set], _ => false, Now.AddSeconds(601));
        var progressed = DeploymentPlanner.Plan(
            started with { Status = after.Status }, [set with { Status = set.Status with { ReadyReplicas = 2, AvailableReplicas = 2 } }], _ => false, Now.AddSeconds(700));

        Assert.Equal(Now.AddSeconds(600), before.LookAgain);
        Assert.NotEqual(ProgressDeadlineExceeded, before.Status.Conditions.Find(Progressing)!.Reason);
        var stuck = after.Status.Conditions.Find(Progressing)!;
        Assert.Equal((ConditionStatus.False, ProgressDeadlineExceeded), (stuck.Status, stuck.Reason));
        Assert.Equal("ReplicaSet \"web-1\" has timed out progressing.", stuck.Message);
        Assert.Null(after.LookAgain);
        Assert.Equal(ReplicaSetUpdated, progressed.Status.Conditions.Find(Progressing)!.Reason);
    }

    [Fact]
    public void A_finished_rollout_is_not_stuck_when_pods_fail_later()
    {
        var deployment = Deployment(Template("v1"));
        var healthy = Set("web-1", Template("v1"), replicas: 3, revision: 1, available: 3);
        var finished = deployment with { Status = Plan(deployment, healthy).Status };
        var failing = healthy with { Status = healthy.Status with { AvailableReplicas = 0, ReadyReplicas = 0 } };

        var plan = DeploymentPlanner.Plan(finished, [failing], _ => false, Now.AddHours(1));

        Assert.Equal(NewReplicaSetAvailable, plan.Status.Conditions.Find(Progressing)!.Reason);
        Assert.Equal(MinimumReplicasUnavailable, plan.Status.Conditions.Find(Available)!.Reason);
    }

    [Fact]
    public void Only_so_many_old_sets_are_kept_and_none_that_has_pods_is_removed()
    {
        var template = Template("v9");
        var deployment = Deployment(template);
        var sets = Enumerable.Range(1, 5).Select(i => Set($"web-{i}", Template($"v{i}"), replicas: 0, revision: i)).ToList();
        sets[0] = sets[0] with { Status = sets[0].Status with { Replicas = 1 } };
        var current = Set("web-9", template, replicas: 3, revision: 9, available: 3);
        deployment = deployment with { Spec = deployment.Spec with { RevisionHistoryLimit = 2 } };
        deployment = deployment with { Status = DeploymentPlanner.Plan(deployment, [.. sets[1..], current], _ => false, Now).Status };

        var plan = DeploymentPlanner.Plan(deployment, [.. sets, current], _ => false, Now);

        Assert.Equal(["web-2", "web-3"], plan.Deleted.Select(set => set.Metadata.Name));
    }

    [Fact]
    public void What_a_set_could_not_do_is_shown_by_its_deployment()
    {
        var failure = new StatusCondition { Type = ReplicaFailure, Status = ConditionStatus.True, Reason = "FailedCreate", Message = "quota" };
        var set = Set("web-1", Template("v1"), replicas: 3, revision: 1);
        var failing = set with { Status = set.Status with { Conditions = [failure] } };

        Assert.Equal("quota", Plan(Deployment(Template("v1")), failing).Status.Conditions.Find(ReplicaFailure)!.Message);
        Assert.Null(Plan(Deployment(Template("v1")), set).Status.Conditions.Find(ReplicaFailure));
    }

    private static DeploymentPlan Plan(Deployment deployment, params ReplicaSet[] sets) => DeploymentPlanner.Plan(deployment, sets, _ => false, Now);

    private static Deployment Deployment(PodTemplate template, int replicas = 3) => new()
    {
        Metadata = new ObjectMeta { Name = "web", Namespace = "shop", Generation = 1 },
        Spec = new DeploymentSpec
        {
            Replicas = replicas,
            Selector = new V1LabelSelector { MatchLabels = new Dictionary<string, string> { ["app"] = "web" } },
            Template = template,
            ProgressDeadlineSeconds = 600,
            Strategy = new DeploymentStrategy { RollingUpdate = new RollingUpdate { MaxSurge = "1", MaxUnavailable = "0" } },
        },
    };

    private static ReplicaSet Set(string name, PodTemplate template, int replicas, long revision, int available = 0, int? sizedFor = null)
    {
        var annotations = new Dictionary<string, string> { [Revisions.RevisionAnnotation] = revision.ToString(CultureInfo.InvariantCulture) };
        if (sizedFor is { } size)
        {
            annotations[Revisions.DesiredReplicasAnnotation] = size.ToString(CultureInfo.InvariantCulture);
            annotations[Revisions.MaxReplicasAnnotation] = (size + 1).ToString(CultureInfo.InvariantCulture);
        }

        return new ReplicaSet
        {
            Metadata = new ObjectMeta { Name = name, Namespace = "shop", Uid = name, CreationTimestamp = Now.AddMinutes(revision - 100), Annotations = annotations },
            Spec = new ReplicaSetSpec { Replicas = replicas, Template = template.WithLabel(PodTemplate.HashLabel, name) },
            Status = new ReplicaSetStatus { Replicas = replicas, ReadyReplicas = available, AvailableReplicas = available },
        };
    }

    private static PodTemplate Template(string version) => Parse(
        $$$"""{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"name":"web","image":"web:{{{version}}}"}]}}""");

    private static PodTemplate Parse(string json) => new(JsonElement.Parse(json));
}
