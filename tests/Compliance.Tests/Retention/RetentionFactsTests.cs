using System.Text;
using System.Text.Json.Nodes;
using Compliance.Audit.Entries;
using Compliance.Audit.Testing;
using Compliance.Retention;

namespace Compliance.Tests.Retention;

public sealed class RetentionFactsTests
{
    [Fact]
    public void They_are_what_the_whole_entry_says_whatever_else_is_in_it()
    {
        var tricky = new JsonObject { ["retentionClass"] = "false", ["recordedAt"] = "1999-01-01T00:00:00.000Z", ["deep"] = new JsonArray("recordedAt", new JsonObject { ["retentionClass"] = "false" }) };
        var item = SampleEvents.Of("manifests.apply", "shop/order") with { RetentionClass = "tax", Details = tricky, After = tricky.DeepClone() };
        var bytes = new AuditEntryWriter("log.test").Prepare(item, 0, item.OccurredAt).Bytes;
        bytes = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes).Replace("0000-00-00T00:00:00.000Z", "2026-11-23T06:30:00.000Z", StringComparison.Ordinal));
        var whole = AuditEntryReader.Read(bytes);

        Assert.Equal(new RetentionFacts("tax", whole.RecordedAt), RetentionFacts.Read(bytes));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[1]")]
    [InlineData("{\"retentionClass\":7,\"recordedAt\":\"2026-11-23T06:30:00.000Z\"}")]
    [InlineData("{\"retentionClass\":\"tax\",\"recordedAt\":\"yesterday\"}")]
    [InlineData("{\"retentionClass\":\"tax\"}")]
    public void Bytes_that_are_no_entry_have_none(string bytes) => Assert.Null(RetentionFacts.Read(Encoding.UTF8.GetBytes(bytes)));
}
