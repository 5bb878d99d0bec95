using CsCheck;
using Fleet.Payments;
using Fleet.PersonalData;

namespace Fleet.Tests.Payments;

public sealed class FraudRulesTests
{
    private static readonly FraudSignals Plain = new(500m, PaymentMethod.Upi, new Vpa("asha@okbank"), null, RecentPayments: 0, RecentDeclines: 0, Hour: 12);

    public static TheoryData<string, int, string> Cases => new()
    {
        { "plain", 0, "Approve" },
        { "75000", 15, "Approve" },
        { "200000", 30, "Approve" },
        { "200000 night", 45, "Review" },
        { "five payments", 20, "Approve" },
        { "ten payments", 40, "Review" },
        { "three declines", 20, "Approve" },
        { "ten payments, five declines", 80, "Block" },
        { "review@", 40, "Review" },
        { "fraud@", 100, "Block" },
        { "tok_stolen", 100, "Block" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    internal void Each_rule_gives_its_points_and_their_sum_decides(string scenario, int score, string verdict)
    {
        var signals = scenario switch
        {
            "75000" => Plain with { AmountInr = 75_000m },
            "200000" => Plain with { AmountInr = 200_000m },
            "200000 night" => Plain with { AmountInr = 200_000m, Hour = 4 },
            "five payments" => Plain with { RecentPayments = 5 },
            "ten payments" => Plain with { RecentPayments = 10 },
            "three declines" => Plain with { RecentDeclines = 3 },
            "ten payments, five declines" => Plain with { RecentPayments = 10, RecentDeclines = 5 },
            "review@" => Plain with { Vpa = new Vpa("review@okbank") },
            "fraud@" => Plain with { Vpa = new Vpa("fraud@okbank") },
            "tok_stolen" => Plain with { Method = PaymentMethod.Card, Vpa = null, CardToken = "tok_stolen" },
            _ => Plain,
        };

        var assessment = FraudRules.Assess(signals);

        Assert.Equal(score, assessment.Score);
        Assert.Equal(verdict, assessment.Verdict.ToString());
        Assert.Equal(score > 0, assessment.Reasons.Count > 0);
    }

    /// <summary>More of anything suspicious never makes a payment look better.</summary>
    [Fact]
    public void The_score_never_falls_when_a_signal_grows() => Gen.Select(Gen.Int[0, 400_000], Gen.Int[0, 20], Gen.Int[0, 10], Gen.Int[0, 23], Gen.Int[0, 2])
        .Sample((amount, payments, declines, hour, which) =>
        {
            var less = Plain with { AmountInr = amount, RecentPayments = payments, RecentDeclines = declines, Hour = hour };
            var more = which switch
            {
                0 => less with { AmountInr = amount * 2 },
                1 => less with { RecentPayments = payments + 5 },
                _ => less with { RecentDeclines = declines + 2 },
            };
            Assert.InRange(FraudRules.Assess(less).Score, 0, FraudRules.Assess(more).Score);
        });
}
