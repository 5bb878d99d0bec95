using Compliance.Audit;
using ControlPlane.Api.Audit;
using ControlPlane.Api.Problems;

namespace ControlPlane.Api.Tests.Audit;

public sealed class SearchWordsTests
{
    [Fact]
    public void A_word_is_taken_for_what_it_looks_like()
    {
        var query = Query("shop/order manifests.apply 0123456789abcdef0123456789abcdef");

        Assert.Equal(("order", "manifests.apply", "0123456789abcdef0123456789abcdef"), (query.ObjectName, query.Action, query.CorrelationId));
        Assert.Equal(["shop"], query.Namespaces!);
    }

    [Fact]
    public void A_bare_word_is_the_name_of_an_object() => Assert.Equal("order", Query("order").ObjectName);

    [Fact]
    public void A_word_with_a_colon_says_it_exactly()
    {
        var query = Query("who:u-7 what:session.* framework:cert-in outcome:refused ns:shop ns:pay");

        Assert.Equal(("u-7", "session.*", "CERT-In", AuditOutcome.Refused), (query.Actor, query.Action, query.Framework, query.Outcome!.Value));
        Assert.Equal(["shop", "pay"], query.Namespaces!);
    }

    [Theory]
    [InlineData("colour:red", "q")]
    [InlineData("framework:SOX", "framework")]
    [InlineData("outcome:fine", "outcome")]
    [InlineData("from:tomorrow", "from")]
    public void A_word_that_makes_no_sense_is_named(string text, string field) =>
        Assert.Equal(field, Assert.Throws<RequestException>(() => Query(text)).Field);

    [Fact]
    public void A_period_that_ends_before_it_begins_is_refused() =>
        Assert.Equal("to", Assert.Throws<RequestException>(() => new AuditSearchRequest { From = "2026-11-02", To = "2026-11-01" }.ToQuery()).Field);

    private static AuditQuery Query(string text) => new AuditSearchRequest { Text = text }.ToQuery();
}
