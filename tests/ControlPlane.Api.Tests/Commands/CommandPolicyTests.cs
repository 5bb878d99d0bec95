using ControlPlane.Api.Access;
using ControlPlane.Api.Commands;
using Microsoft.Extensions.Configuration;

namespace ControlPlane.Api.Tests.Commands;

public sealed class CommandPolicyTests
{
    [Fact]
    public void Where_nothing_is_configured_a_reason_is_asked_for_what_stops_money()
    {
        var policy = CommandPolicy.Read(new ConfigurationBuilder().Build());

        Assert.True(policy.For(Apply("Critical")).Reason);
        Assert.False(policy.For(Apply("High")).Reason);
        Assert.Null(policy.For(Apply("Critical")).Approval);
    }

    [Fact]
    public void One_subject_that_a_rule_matches_is_enough() => Assert.True(CommandPolicy.Default.For(Apply("Low", "Critical")).Reason);

    [Fact]
    public void What_must_be_approved_takes_a_reason_and_satisfies_all_rules_at_once()
    {
        var policy = Read(
            ("Rules:0:Actions:0", "manifests.*"), ("Rules:0:Approval:By:0", "ComplianceOfficer"), ("Rules:0:Approval:By:1", "Admin"), ("Rules:0:Approval:ExpiresAfter", "08:00:00"),
            ("Rules:1:Tiers:0", "high"), ("Rules:1:Approval:By:0", "OnCall"), ("Rules:1:Approval:ExpiresAfter", "04:00:00"));

        var requirements = policy.For(Apply("High"));

        Assert.True(requirements.Reason);
        Assert.Equal<IReadOnlyList<Role>>([[Role.ComplianceOfficer, Role.Admin], [Role.OnCall]], requirements.Approval!.Groups);
        Assert.Equal(TimeSpan.FromHours(4), requirements.Approval.ExpiresAfter);
        Assert.Equal([Role.ComplianceOfficer, Role.Admin], policy.For(Apply("Standard")).Approval!.By);
    }

    [Theory]
    [InlineData("Rules:0:Actions:0", "manifests.aply", "Commands:Rules:0:Actions: there is no action manifests.aply")]
    [InlineData("Rules:0:Tiers:0", "Golden", "Commands:Rules:0:Tiers: there is no tier Golden")]
    [InlineData("Rules:0:Approval:ExpiresAfter", "00:00:01", "Commands:Rules:0:Approval:ExpiresAfter")]
    [InlineData("Rules:0:Reson", "true", "Reson")]
    public void A_rule_that_makes_no_sense_is_named(string key, string value, string message) =>
        Assert.Contains(message, Assert.Throws<InvalidOperationException>(() => Read((key, value))).Message, StringComparison.Ordinal);

    private static Command Apply(params string[] tiers) =>
        new(Permissions.ApplyManifests, [.. tiers.Select(tier => new CommandSubject("ManagedService", "shop", tier) { Tier = tier })]);

    private static CommandPolicy Read(params (string Key, string Value)[] settings) => CommandPolicy.Read(
        new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(setting => $"Commands:{setting.Key}", setting => (string?)setting.Value)).Build());
}
