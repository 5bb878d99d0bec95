using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ControlPlane.Api.Traffic.Editing;
using Microsoft.AspNetCore.Components;

namespace ControlPlane.Web.Traffic.Form;

/// <summary>A field of a policy, to be filled in. What is typed goes into the policy at once; what the cluster says against it is shown here.</summary>
public sealed partial class FieldEditor
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private IReadOnlyList<string> _unreadable = [];
    private string? _typed;

    /// <summary>What the field is.</summary>
    [Parameter, EditorRequired]
    public SchemaField Field { get; set; } = null!;

    /// <summary>What it is called.</summary>
    [Parameter, EditorRequired]
    public string Title { get; set; } = "";

    /// <summary>Where it is, such as <c>spec.limits[0].requests</c>.</summary>
    [Parameter, EditorRequired]
    public string Path { get; set; } = "";

    /// <summary>Its value, in the policy; null where a required one is missing.</summary>
    [Parameter]
    public JsonNode? Value { get; set; }

    /// <summary>Puts another value in its place; null takes it out.</summary>
    [Parameter, EditorRequired]
    public Action<JsonNode?> Changed { get; set; } = null!;

    /// <summary>Takes the field out; absent where it must be there.</summary>
    [Parameter]
    public EventCallback Removed { get; set; }

    /// <summary>The form that the field is part of.</summary>
    [CascadingParameter]
    public PolicyForm Form { get; set; } = null!;

    private string Id => PolicyForm.IdOf(Path);

    private string InputId => $"{Id}-input";

    private string HelpId => $"{Id}-help";

    private IReadOnlyList<string> Problems => Form.ProblemsAt(Path);

    private string? Invalid => Problems.Count + _unreadable.Count > 0 ? "true" : null;

    private string Text => Value is JsonValue value ? value.ToString() : "";

    private JsonObject Group => (JsonObject)Value!;

    private JsonArray Items => (JsonArray)Value!;

    private List<string> Words => [.. (Value as JsonArray ?? []).Select(static item => item?.ToString() ?? "")];

    private string MapText => string.Join('\n', (Value as JsonObject ?? []).Select(static pair => $"{pair.Key}={pair.Value}"));

    private string FreeText => _unreadable.Count > 0 ? _typed ?? "" : Value?.ToJsonString(Indented) ?? "";

    private string TitleOf(int at) => Items[at] is JsonObject item && item["name"] is JsonValue name && name.ToString() is { Length: > 0 } text ? text : $"{Title} {at + 1}";

    /// <summary>A required group or list that is missing is made, so that something can be put into it.</summary>
    protected override void OnParametersSet()
    {
        if ((Field.Shape == FieldShape.Group && Value is not JsonObject) || (Field.Shape == FieldShape.List && Value is not JsonArray))
        {
            Changed(Value = Field.Shape == FieldShape.List ? new JsonArray() : new JsonObject());
        }
    }

    private void Put(JsonNode? value)
    {
        Changed(value);
        Form.Touch();
    }

    private void PutNumber(string? text) => Put(long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? JsonValue.Create(number) : null);

    private void Tick(string word, bool on)
    {
        var words = Field.Item!.Choices.Where(choice => choice == word ? on : Words.Contains(choice));
        Put(new JsonArray([.. words.Select(static choice => (JsonNode)choice)]));
    }

    private void PutMap(string? text) => Put(new JsonObject((text ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(static line => line.Split('=', 2, StringSplitOptions.TrimEntries))
        .DistinctBy(static pair => pair[0])
        .Select(static pair => KeyValuePair.Create(pair[0], (JsonNode?)(pair.Length > 1 ? pair[1] : "")))));

    private void PutFree(string? text)
    {
        (_typed, _unreadable) = (text, []);
        try
        {
            Put(JsonNode.Parse(text ?? "") as JsonObject ?? throw new JsonException("it must be a JSON object"));
        }
        catch (JsonException e)
        {
            _unreadable = [$"not read: {e.Message}"];
        }
    }

    private void PutItem(int at, JsonNode? value)
    {
        if (value is not null)
        {
            Items[at] = value;
        }
    }

    private void AddItem()
    {
        Items.Add(Field.Item!.Blank());
        Form.Touch();
    }

    private void TakeItem(int at)
    {
        Items.RemoveAt(at);
        Form.Touch();
    }
}
