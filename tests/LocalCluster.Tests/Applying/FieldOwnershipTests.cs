using System.Text.Json.Nodes;
using CsCheck;
using LocalCluster.Applying;
using LocalCluster.Schemas;

namespace LocalCluster.Tests.Applying;

public sealed class FieldOwnershipTests
{
    private const string Version = "v1";

    [Fact]
    public void What_an_applier_leaves_out_the_next_time_is_removed()
    {
        var cluster = new Cluster("{}");
        cluster.Apply("a", """{"granular":{"x":"1","y":"2"}}""");
        cluster.Apply("a", """{"granular":{"x":"1"}}""");

        Assert.Equal("""{"granular":{"x":"1"}}""", cluster.Text);
    }

    [Fact]
    public void A_field_that_two_apply_stays_until_both_leave_it_out()
    {
        var cluster = new Cluster("{}");
        cluster.Apply("a", """{"number":1}""");
        cluster.Apply("b", """{"number":1}""");
        cluster.Apply("a", """{}""");
        Assert.Equal("""{"number":1}""", cluster.Text);

        cluster.Apply("b", """{}""");
        Assert.Equal("{}", cluster.Text);
    }

    [Fact]
    public void Another_value_of_a_field_of_somebody_else_is_a_conflict()
    {
        var cluster = new Cluster("{}");
        cluster.Apply("a", """{"nested":{"a":"1"}}""");

        var conflict = Assert.Throws<ApplyConflictException>(() => cluster.Apply("b", """{"nested":{"a":"2"}}"""));

        Assert.Equal(("\"a\"", ".nested.a"), (conflict.Fields[0].Owner.ToString(), conflict.Fields[0].Path));
        Assert.Equal("""{"nested":{"a":"1"}}""", cluster.Text);
    }

    [Fact]
    public void Force_takes_the_field()
    {
        var cluster = new Cluster("{}");
        cluster.Apply("a", """{"number":1}""");
        cluster.Apply("b", """{"number":2}""", force: true);

        Assert.Null(cluster.Owned("a"));
        cluster.Apply("a", """{}""");
        Assert.Equal("""{"number":2}""", cluster.Text);
    }

    [Fact]
    public void An_update_takes_what_it_changes_and_no_more()
    {
        var cluster = new Cluster("{}");
        cluster.Apply("a", """{"number":1,"granular":{"x":"1"}}""");
        cluster.Update("u", """{"number":2,"granular":{"x":"1"}}""");

        Assert.Equal("""{"f:granular":{"f:x":{}}}""", cluster.Owned("a")!.ToString());
        Assert.Equal("""{"f:number":{}}""", cluster.OwnedByUpdater("u")!.ToString());
    }

    [Fact]
    public void A_field_that_an_update_removes_belongs_to_nobody()
    {
        var cluster = new Cluster("{}");
        cluster.Apply("a", """{"number":1,"granular":{"x":"1"}}""");
        cluster.Update("u", """{"granular":{"x":"1"}}""");

        Assert.Equal("""{"f:granular":{"f:x":{}}}""", cluster.Owned("a")!.ToString());
        Assert.Null(cluster.OwnedByUpdater("u"));
    }

    [Fact]
    public void An_item_goes_with_its_last_applier_but_not_what_others_have_in_it()
    {
        var cluster = new Cluster("{}");
        cluster.Apply("a", """{"list":[{"name":"x","value":"1"}]}""");
        cluster.Apply("b", """{"list":[{"name":"x","other":"2"}]}""");
        cluster.Apply("a", """{}""");

        Assert.Equal("""{"list":[{"name":"x","other":"2"}]}""", cluster.Text);
    }

    [Fact]
    public void What_an_updater_has_in_an_object_stays_when_its_last_applier_goes()
    {
        var cluster = new Cluster("{}");
        cluster.Apply("a", """{"nested":{"a":"1"}}""");
        cluster.Update("u", """{"nested":{"a":"1","b":"2"}}""");
        cluster.Apply("a", """{}""");

        Assert.Equal("""{"nested":{"b":"2"}}""", cluster.Text);
    }

    [Fact]
    public void An_atomic_value_has_one_owner()
    {
        var cluster = new Cluster("{}");
        cluster.Apply("a", """{"atomic":{"x":"1"},"atomicList":["x"]}""");

        var conflict = Assert.Throws<ApplyConflictException>(() => cluster.Apply("b", """{"atomic":{"y":"1"},"atomicList":["y"]}"""));

        Assert.Equal([".atomic", ".atomicList"], conflict.Fields.Select(f => f.Path));
    }

    [Fact]
    public void Applying_the_same_twice_changes_nothing() => GenMaps.Array[1, 3].Sample(configs =>
    {
        var cluster = new Cluster("{}");
        foreach (var (index, config) in configs.Index())
        {
            cluster.Apply($"m{index}", Config(config), force: true);
        }

        var (text, owned) = (cluster.Text, cluster.Owned($"m{configs.Length - 1}"));
        cluster.Apply($"m{configs.Length - 1}", Config(configs[^1]), force: true);
        Assert.Equal(text, cluster.Text);
        Assert.Equal(owned, cluster.Owned($"m{configs.Length - 1}"));
    });

    [Fact]
    public void Any_sequence_of_writes_leads_where_the_reference_model_does() => Gen.Select(
        GenJson.Any("a", "b", "c"), GenMaps, GenJson.Any(WriteKind.Apply, WriteKind.Force, WriteKind.Update)).Array[1, 12].Sample(writes =>
    {
        foreach (var (form, fields) in Forms)
        {
            var (cluster, model) = (new Cluster("{}"), new FlatModel());
            foreach (var (manager, values, kind) in writes)
            {
                var refused = !model.Write(manager, fields(values), kind);
                Assert.Equal(refused, !cluster.TryWrite(manager, form(values), kind));
                Assert.Equal(model.Values.OrderBy(v => v.Key, StringComparer.Ordinal), cluster.Flat().OrderBy(v => v.Key, StringComparer.Ordinal));
            }
        }
    });

    private static readonly Gen<IReadOnlyDictionary<string, string>> GenMaps =
        Gen.Select(GenJson.Any("k1", "k2", "k3", "k4"), GenJson.Any("1", "2")).Array[0, 4]
            .Select(IReadOnlyDictionary<string, string> (pairs) => pairs.GroupBy(p => p.Item1).ToDictionary(g => g.Key, g => g.First().Item2));

    private static readonly (Func<IReadOnlyDictionary<string, string>, string> Form, Func<IReadOnlyDictionary<string, string>, IReadOnlyDictionary<string, string>> Fields)[] Forms =
    [
        (Config, values => values),
        (ListConfig, values => values.SelectMany(v => Item(v.Key, v.Value)).ToDictionary()),
    ];

    // An item of a list is a field by itself: who made it keeps it, even when its value belongs to somebody else.
    private static IEnumerable<KeyValuePair<string, string>> Item(string name, string? value) =>
        value is null ? [new(name, "")] : [new(name, ""), new($"{name}.value", value)];

    // To claim an empty map is something else than to claim nothing in it: here nothing is meant.
    private static string Config(IReadOnlyDictionary<string, string> values) => values.Count == 0
        ? "{}"
        : new JsonObject { ["granular"] = new JsonObject(values.Select(v => KeyValuePair.Create(v.Key, (JsonNode?)v.Value))) }.ToJsonString();

    private static string ListConfig(IReadOnlyDictionary<string, string> values) => values.Count == 0
        ? "{}"
        : new JsonObject { ["list"] = new JsonArray([.. values.Select(v => new JsonObject { ["name"] = v.Key, ["value"] = v.Value })]) }.ToJsonString();

    private enum WriteKind
    {
        Apply,
        Force,
        Update,
    }

    /// <summary>What ownership means where there is nothing but names with values; a dot in a name stands for "in".</summary>
    private sealed class FlatModel
    {
        private readonly Dictionary<(string Manager, bool Applies), HashSet<string>> _owned = [];

        public Dictionary<string, string> Values { get; } = [];

        public bool Write(string manager, IReadOnlyDictionary<string, string> wanted, WriteKind kind)
        {
            var me = (manager, kind != WriteKind.Update);
            var changed = wanted.Where(w => Values.GetValueOrDefault(w.Key) != w.Value).Select(w => w.Key).ToHashSet();
            var taken = _owned.Where(o => o.Key != me).SelectMany(o => o.Value).Where(changed.Contains).ToList();
            if (kind == WriteKind.Apply && taken.Count > 0)
            {
                return false;
            }

            foreach (var other in _owned.Where(o => o.Key != me).Select(o => o.Value))
            {
                other.ExceptWith(changed);
            }

            var mine = _owned.GetValueOrDefault(me, []);
            foreach (var (name, value) in wanted)
            {
                Values[name] = value;
            }

            if (kind == WriteKind.Update)
            {
                // A replacement by what is wanted alone.
                Remove(Values.Keys.Except(wanted.Keys));
                mine.UnionWith(changed);
            }
            else
            {
                Remove(mine.Except(wanted.Keys).Where(name => !_owned.Any(o => o.Key != me && o.Value.Contains(name))));
                mine = [.. wanted.Keys];
            }

            _owned[me] = mine;
            return true;
        }

        // What is removed goes with all that is in it, and with all claims on it.
        private void Remove(IEnumerable<string> names)
        {
            foreach (var gone in names.SelectMany(name => Values.Keys.Where(n => n == name || n.StartsWith($"{name}.", StringComparison.Ordinal))).ToList())
            {
                Values.Remove(gone);
                foreach (var claims in _owned.Values)
                {
                    claims.Remove(gone);
                }
            }
        }
    }

    private sealed class Cluster(string start) : IVersionViews
    {
        private readonly ManagedFields _managed = new();
        private JsonObject _live = JsonNode.Parse(start)!.AsObject();

        public string Text => WithoutEmpty(_live.DeepClone().AsObject()).ToJsonString();

        public FieldSet? Owned(string manager) => _managed[FieldWriter.Applier(manager, "")]?.Fields;

        public FieldSet? OwnedByUpdater(string manager) => _managed[FieldWriter.Updater(manager, Version, "")]?.Fields;

        public void Apply(string manager, string config, bool force = false)
        {
            // A refused apply must not change who owns what.
            var managed = ManagedFields.Read(_managed.Write())!;
            _live = Ownership.Apply(_live, JsonNode.Parse(config)!.AsObject(), managed, FieldWriter.Applier(manager, ""), force);
            Take(managed);
        }

        public void Update(string manager, string updated)
        {
            var next = JsonNode.Parse(updated)!.AsObject();
            Ownership.Update(_live, next, _managed, FieldWriter.Updater(manager, Version, ""));
            _live = next;
        }

        public bool TryWrite(string manager, string content, WriteKind kind)
        {
            try
            {
                if (kind == WriteKind.Update)
                {
                    Update(manager, content);
                }
                else
                {
                    Apply(manager, content, kind == WriteKind.Force);
                }

                return true;
            }
            catch (ApplyConflictException)
            {
                return false;
            }
        }

        public Dictionary<string, string> Flat() =>
            (_live["granular"] as JsonObject ?? []).ToDictionary(p => p.Key, p => (string)p.Value!)
                .Concat((_live["list"] as JsonArray ?? []).SelectMany(i => Item((string)i!["name"]!, (string?)i["value"]))).ToDictionary();

        public SchemaNode? Schema(string apiVersion) => MergeSchemas.Kind;

        public JsonObject Convert(JsonObject obj, string from, string to) => obj;

        private FieldOwnership Ownership => new(this, Version, new FieldSet());

        private void Take(ManagedFields managed)
        {
            foreach (var writer in _managed.Owners.Keys.Union(managed.Owners.Keys).ToList())
            {
                _managed[writer] = managed[writer];
            }
        }

        // What became empty when its content went says nothing here.
        private static JsonObject WithoutEmpty(JsonObject obj)
        {
            foreach (var name in obj.Where(p => p.Value is JsonObject { Count: 0 } or JsonArray { Count: 0 }).Select(p => p.Key).ToList())
            {
                obj.Remove(name);
            }

            return obj;
        }
    }
}
