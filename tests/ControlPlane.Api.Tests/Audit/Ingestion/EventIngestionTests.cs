using System.IO.Pipelines;
using System.Net;
using System.Text;
using System.Text.Json;
using Compliance.Audit;
using Compliance.Audit.Testing;
using ControlPlane.Api.Access;
using ControlPlane.Api.Audit.Ingestion;
using ControlPlane.Api.Problems;
using ControlPlane.Api.Tests.Testing;

namespace ControlPlane.Api.Tests.Audit.Ingestion;

public sealed class EventIngestionTests
{
    private readonly InMemoryAuditLog _log = new();
    private readonly CallerContext _callers = new();

    public EventIngestionTests() => _callers.Become(TestCaller.Of("order-service", new RoleGrant(Role.AuditSource, "shop")));

    [Fact]
    public async Task A_line_becomes_an_event_with_all_that_it_tells()
    {
        var outcome = await TakeAsync("""
            {"id":"019acd0a-0000-7000-8000-000000000001","source":"shop/order","sourceSequence":7,"occurredAt":"2026-11-27T12:00:00+05:30","actor":{"kind":"person","id":"u-1","via":"app"},"action":"order.refund","object":{"kind":"Order","namespace":"shop","name":"o-9"},"outcome":"refused","reason":"over the limit","correlationId":"t-1","frameworks":["RBI"],"before":{"paid":100},"after":null,"details":{"attempt":2},"personalData":[{"subject":"u-1","field":"actor.phone","value":"+91 98"}]}
            """);

        Assert.Equal((1, 0, 0), (outcome.Accepted, outcome.Duplicates, outcome.Rejected));
        var item = Assert.Single(_log.Events);
        Assert.Equal(("shop/order", 7L, "order.refund", AuditOutcome.Refused), (item.Source, item.SourceSequence, item.Action, item.Outcome));
        Assert.Equal(new DateTimeOffset(2026, 11, 27, 6, 30, 0, TimeSpan.Zero), item.OccurredAt);
        Assert.Equal(new AuditActor(AuditActorKind.Person, "u-1", "app"), item.Actor);
        Assert.Equal(new AuditObject("Order", "shop", "o-9"), item.Object);
        Assert.Equal(("over the limit", "t-1", 100), (item.Reason, item.CorrelationId, (int)item.Before!["paid"]!));
        Assert.Equal([new PersonalDatum("u-1", "actor.phone", "+91 98")], item.PersonalData);
    }

    [Theory]
    [InlineData("{", "", "is not JSON")]
    [InlineData("null", "", "is not JSON")]
    [InlineData("[]", "", "is not JSON")]
    [InlineData("""{"id":"x"}""", "id", "wrong kind")]
    [InlineData("""{"id":"019acd0a-0000-7000-8000-000000000001"}""", "", "must be there")]
    [InlineData("""{...,"colour":"red"}""", "colour", "does not have")]
    [InlineData("""{...,"outcome":"splendid"}""", "outcome", "wrong kind")]
    [InlineData("""{...,"outcome":3}""", "outcome", "wrong kind")]
    [InlineData("""{...,"outcome":"pending"}""", "outcome", "approvals")]
    [InlineData("""{...,"occurredAt":"yesterday"}""", "occurredAt", "wrong kind")]
    [InlineData("""{...,"source":"order"}""", "source", "namespace/name")]
    [InlineData("""{...,"source":"console"}""", "source", "namespace/name")]
    [InlineData("""{...,"source":"pay/ledger"}""", "source", "may not speak")]
    [InlineData("""{...,"actor":{"kind":"system","id":"x"}}""", "actor.kind", "control plane itself")]
    [InlineData("""{...,"actor":{"kind":"person","id":"asha@example.in"}}""", "actor.id", "personalData")]
    [InlineData("""{...,"action":"bought"}""", "action", "noun.verb")]
    [InlineData("""{...,"id":"00000000-0000-0000-0000-000000000000"}""", "eventId", "UUIDv7")]
    public async Task A_bad_line_is_told_with_its_field_and_what_is_wrong(string line, string field, string message)
    {
        var outcome = await TakeAsync(Good(1), line.StartsWith("{...,", StringComparison.Ordinal) ? With(line[5..^1]) : line);

        var error = Assert.Single(outcome.Errors);
        Assert.Equal((2, field), (error.Line, error.Field));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Empty(_log.Events);
    }

    [Fact]
    public async Task Words_of_errors_hold_nothing_of_what_the_line_held()
    {
        var outcome = await TakeAsync(With("\"sourceSequence\":\"asha@example.in\""), With("\"asha@example.in\":1"), "asha@example.in");

        Assert.Equal(3, outcome.Rejected);
        Assert.All(outcome.Errors, error => Assert.DoesNotContain("asha", error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Good_lines_are_taken_without_the_bad_ones_only_when_asked_for()
    {
        Assert.Equal((0, 1), await TakeAsync(Good(1), "{", Good(2)) is var whole ? (whole.Accepted, whole.Rejected) : default);
        Assert.Empty(_log.Events);

        var partial = await TakeAsync(partial: true, Good(1), "{", Good(2));

        Assert.Equal((2, 1), (partial.Accepted, partial.Rejected));
        Assert.Equal([1, 3], partial.Receipts.Select(receipt => receipt.Line));
    }

    [Fact]
    public async Task What_the_log_objects_to_is_told_with_its_line()
    {
        _log.Objection = item => item.SourceSequence == 2 ? ("action", "is not like noun.verb") : null;

        var outcome = await TakeAsync(partial: true, Good(1), "", Good(2), Good(3));

        Assert.Equal(new LineError(3, "action", "is not like noun.verb"), Assert.Single(outcome.Errors));
        Assert.Equal([1, 4], outcome.Receipts.Select(receipt => receipt.Line));
    }

    [Fact]
    public async Task An_event_that_comes_again_is_known()
    {
        await TakeAsync(Good(1));

        var again = await TakeAsync(Good(1), Good(2), Good(2));

        Assert.Equal((1, 2), (again.Accepted, again.Duplicates));
        Assert.Equal([true, false, true], again.Receipts.Select(receipt => receipt.Duplicate));
        Assert.Equal(2, _log.Events.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(4096)]
    public async Task Lines_are_the_same_however_the_network_cuts_them(int piece)
    {
        var body = Encoding.UTF8.GetBytes($"\uFEFF{Good(1)}\r\n\r\n  {Good(2)}\n{Good(3)}");
        var pipe = new Pipe();
        var reading = new EventIngestion(new Authorizer(_callers), _log, TimeProvider.System).TakeAsync(pipe.Reader, partial: false, TestContext.Current.CancellationToken);
        foreach (var part in body.Chunk(piece))
        {
            await pipe.Writer.WriteAsync(part, TestContext.Current.CancellationToken);
        }

        await pipe.Writer.CompleteAsync();

        var outcome = await reading;
        Assert.Equal((3, 0), (outcome.Accepted, outcome.Rejected));
        Assert.Equal([1, 3, 4], outcome.Receipts.Select(receipt => receipt.Line));
    }

    [Fact]
    public async Task A_line_that_is_too_long_is_passed_over_and_the_next_one_read()
    {
        var outcome = await TakeAsync(partial: true, Good(1), new string('x', 100_000), Good(2));

        Assert.Equal((2, new LineError(2, "", "the line is longer than 16384 bytes")), (outcome.Accepted, Assert.Single(outcome.Errors)));
        Assert.Equal(2, Assert.Single((await TakeAsync(Good(1), new string('x', 100_000))).Errors).Line);
    }

    [Fact]
    public async Task A_request_has_bounds()
    {
        var lines = await Assert.ThrowsAsync<RequestException>(() => TakeAsync([.. Enumerable.Repeat("{}", EventIngestion.MostLines + 1)]));
        var bytes = await Assert.ThrowsAsync<RequestException>(() => TakeAsync([.. Enumerable.Repeat(new string(' ', 16_000), 600)]));
        var oneLine = await Assert.ThrowsAsync<RequestException>(() => TakeAsync(new string('x', EventIngestion.MostBytes + 10)));

        Assert.All([lines, bytes, oneLine], problem => Assert.Equal(HttpStatusCode.RequestEntityTooLarge, problem.StatusCode));
        Assert.Empty(_log.Events);
    }

    [Fact]
    public async Task Who_is_no_source_sends_nothing()
    {
        _callers.Become(TestCaller.Of("engineer", new RoleGrant(Role.PlatformEngineer)));

        await Assert.ThrowsAsync<AccessException>(() => TakeAsync(Good(1)));
    }

    private static string Good(int number) => With($"\"sourceSequence\":{number}", number);

    private static string With(string fields, int number = 1)
    {
        Dictionary<string, string> defaults = new()
        {
            ["id"] = $"\"019acd0a-0000-7000-8000-{number:D12}\"",
            ["source"] = "\"shop/order\"",
            ["occurredAt"] = "\"2026-11-27T06:30:00Z\"",
            ["actor"] = """{"kind":"workload","id":"shop/order"}""",
            ["action"] = "\"order.placed\"",
        };
        using var given = JsonDocument.Parse($"{{{fields}}}");
        foreach (var field in given.RootElement.EnumerateObject())
        {
            defaults[field.Name] = field.Value.GetRawText();
        }

        return $"{{{string.Join(',', defaults.Select(field => $"\"{field.Key}\":{field.Value}"))}}}";
    }

    private Task<IngestionOutcome> TakeAsync(params string[] lines) => TakeAsync(partial: false, lines);

    private async Task<IngestionOutcome> TakeAsync(bool partial, params string[] lines)
    {
        using var body = new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', lines)));
        return await new EventIngestion(new Authorizer(_callers), _log, TimeProvider.System).TakeAsync(PipeReader.Create(body), partial, TestContext.Current.CancellationToken);
    }
}
