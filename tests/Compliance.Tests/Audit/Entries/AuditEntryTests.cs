using System.Text;
using System.Text.Json.Nodes;
using Compliance.Audit;
using Compliance.Audit.Entries;
using Compliance.Audit.Personal;
using CsCheck;

namespace Compliance.Tests.Audit.Entries;

public sealed class AuditEntryTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);

    private static readonly Gen<AuditEvent> Events =
        from id in Gen.Guid.Where(static id => id != Guid.Empty)
        from action in Gen.OneOf("manifests.apply", "session.start", "reconcile.write")
        from reason in Gen.OneOf<string?>(null, "because", "a \"quoted\" \\ line\nand another €")
        from target in Gen.OneOf<AuditObject?>(null, new AuditObject("ManagedService", "payments", "checkout"))
        from sequence in Gen.OneOf<long?>(null, 1, (1L << 53) - 1)
        from frameworks in Gen.OneOf<string[]>([], ["RBI"], ["RBI", "CERT-In"])
        from outcome in Gen.Enum<AuditOutcome>()
        from before in Gen.OneOf<string?>(null, """{"b":1,"a":[1,2.5,{"z":null}]}""", "7")
        from late in Gen.Int[-1_000_000, 1_000_000]
        select new AuditEvent
        {
            Id = id,
            Source = "console",
            SourceSequence = sequence,
            OccurredAt = Noon.AddSeconds(late),
            Actor = new AuditActor(AuditActorKind.Person, "u-1", "rest"),
            Action = action,
            Object = target,
            Outcome = outcome,
            Reason = reason,
            CorrelationId = reason is null ? null : "c-1",
            Frameworks = frameworks,
            Before = before is null ? null : JsonNode.Parse(before),
            After = before is null ? JsonValue.Create(true) : null,
            Details = before is null ? null : new JsonObject { ["n"] = 1 },
        };

    [Fact]
    public void An_entry_is_in_its_canonical_form_and_reads_back_as_its_event() => Events.Sample(
        e =>
        {
            var bytes = Entry(e);
            var read = AuditEntryReader.Read(bytes);

            Assert.Equal(Encoding.UTF8.GetString(CanonicalJson.Serialize(JsonNode.Parse(bytes))), Encoding.UTF8.GetString(bytes));
            Assert.Equal(
                (e.Id, e.Source, e.SourceSequence, e.Action, e.Object, e.Outcome, e.Reason, e.CorrelationId, e.Actor, e.RetentionClass, e.OccurredAt, Noon),
                (read.EventId, read.Source, read.SourceSequence, read.Action, read.Object, read.Outcome, read.Reason, read.CorrelationId, read.Actor, read.RetentionClass, read.OccurredAt, read.RecordedAt));
            Assert.Equal(e.Frameworks, read.Frameworks);
            Assert.True(JsonNode.DeepEquals(e.Before, read.Before) && JsonNode.DeepEquals(e.After, read.After) && JsonNode.DeepEquals(e.Details, read.Details));
        },
        iter: 500);

    [Fact]
    public void An_entry_is_these_bytes() => Assert.Equal(
        """{"action":"manifests.apply","actor":{"id":"u-1","kind":"person","via":"rest"},"eventId":"0193a000-0000-7000-8000-000000000001","frameworks":["RBI"],"istOffset":"+05:30","log":"test.dabbawala/log","object":{"kind":"ManagedService","name":"checkout","namespace":"payments"},"occurredAt":"2026-11-27T12:00:00.000Z","outcome":"succeeded","recordedAt":"2026-11-27T12:00:00.000Z","retentionClass":"governance","schema":1,"source":"console","sourceSequence":7}""",
        Encoding.UTF8.GetString(Entry(Valid() with { SourceSequence = 7, Frameworks = ["RBI"], Object = new AuditObject("ManagedService", "payments", "checkout") })));

    [Theory]
    [InlineData(0, null)]
    [InlineData(-86_399, null)]
    [InlineData(-86_401, "backdated")]
    [InlineData(299, null)]
    [InlineData(301, "ahead")]
    public void A_time_that_does_not_fit_is_marked(int seconds, string? mark) =>
        Assert.Equal(mark, AuditEntryReader.Read(Entry(Valid() with { OccurredAt = Noon.AddSeconds(seconds) })).Clock);

    [Fact]
    public void A_personal_datum_is_committed_to_and_not_told()
    {
        var datum = new PersonalDatum("u-1", "actor.address", "203.0.113.7");
        var prepared = new AuditEntryWriter("test.dabbawala/log").Prepare(Valid() with { PersonalData = [datum] }, 0, Noon);
        var commitment = Assert.Single(AuditEntryReader.Read(Stamped(prepared)).Commitments);

        Assert.DoesNotContain("203.0.113.7", Encoding.UTF8.GetString(prepared.Bytes), StringComparison.Ordinal);
        Assert.True(PersonalCommitment.Fits(Convert.FromHexString(commitment.Digest), datum, prepared.Personal[0].Salt));
        Assert.False(PersonalCommitment.Fits(Convert.FromHexString(commitment.Digest), datum with { Value = "203.0.113.8" }, prepared.Personal[0].Salt));
        Assert.NotEqual(PersonalCommitment.To(datum).Digest, PersonalCommitment.To(datum).Digest);
    }

    public static TheoryData<string, AuditEvent> Broken => new()
    {
        { "eventId", Valid() with { Id = Guid.Empty } },
        { "source", Valid() with { Source = " " } },
        { "sourceSequence", Valid() with { SourceSequence = 0 } },
        { "actor.id", Valid() with { Actor = new AuditActor(AuditActorKind.Person, "", "rest") } },
        { "actor.kind", Valid() with { Actor = new AuditActor((AuditActorKind)99, "u", "rest") } },
        { "action", Valid() with { Action = "" } },
        { "action", Valid() with { Action = "noverb" } },
        { "action", Valid() with { Action = "no verb.x" } },
        { "object.name", Valid() with { Object = new AuditObject("Kind", "", new string('x', 513)) } },
        { "object.kind", Valid() with { Object = new AuditObject("Ki\u0007nd", "", "x") } },
        { "reason", Valid() with { Reason = new string('x', 2049) } },
        { "reason", Valid() with { Reason = "half \ud800 a pair" } },
        { "correlationId", Valid() with { CorrelationId = "" } },
        { "frameworks", Valid() with { Frameworks = ["RBI", "RBI"] } },
        { "after", Valid() with { After = new string('x', 17_000) } },
        { "before", Valid() with { Before = new string('x', 12_000), After = new string('x', 6_000) } },
        { "details", Valid() with { Details = new JsonObject { ["n"] = 9007199254740993 } } },
        { "personalData.value", Valid() with { PersonalData = [new PersonalDatum("u", "f", "")] } },
        { "occurredAt", Valid() with { OccurredAt = default } },
    };

    [Theory]
    [MemberData(nameof(Broken), DisableDiscoveryEnumeration = true)]
    public void An_event_that_does_not_fit_is_refused_by_the_name_of_its_field(string field, AuditEvent e)
    {
        var refusal = Assert.Throws<AuditEventException>(() => new AuditEntryWriter("test.dabbawala/log").Prepare(e, 3, Noon));

        Assert.Equal((field, 3), (refusal.Field, refusal.Position));
        Assert.StartsWith(field == "before" || field == "after" ? "the entry would have" : field, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_later_version_adds_is_passed_over()
    {
        var read = AuditEntryReader.Read(Encoding.UTF8.GetBytes("""{"schema":9,"action":"a.b","outcome":"delegated","novelty":{"x":1}}"""));

        Assert.Equal((9, "a.b", null), (read.Schema, read.Action, read.Outcome));
        Assert.Null(AuditEntryReader.TryRead("no entry"u8.ToArray()));
    }

    private static AuditEvent Valid() => new()
    {
        Id = Guid.Parse("0193a000-0000-7000-8000-000000000001"),
        Source = "console",
        OccurredAt = Noon,
        Actor = new AuditActor(AuditActorKind.Person, "u-1", "rest"),
        Action = "manifests.apply",
    };

    private static byte[] Entry(AuditEvent e) => Stamped(new AuditEntryWriter("test.dabbawala/log").Prepare(e, 0, Noon));

    private static byte[] Stamped(PreparedEntry prepared)
    {
        prepared.Stamp(Noon);
        return prepared.Bytes;
    }
}
