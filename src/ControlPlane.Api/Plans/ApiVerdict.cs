using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Manifests;

namespace ControlPlane.Api.Plans;

/// <summary>
/// Reads what an API server says against a manifest. It says it in three ways: causes with fields, one sentence with quoted fields (strict
/// decoding), and, when an apply does not fit the schema, an internal error with fields in the notation of structured-merge-diff.
/// </summary>
internal static partial class ApiVerdict
{
    private const string Untypable = "failed to create typed patch object";

    /// <summary>True when a refusal is about the manifest; else it is about the request as a whole.</summary>
    public static bool IsAboutManifest(KubeApiException e) => e.IsInvalid || e.IsNotFound || e.IsConflict || e.IsForbidden || IsUntypable(e);

    /// <summary>What is wrong with the manifest, field by field where the server tells.</summary>
    public static IReadOnlyList<ManifestProblem> Problems(ManifestDocument manifest, KubeApiException e)
    {
        IReadOnlyList<ManifestProblem> problems =
            e.Causes.Count > 0 ? [.. e.Causes.Select(cause => manifest.ProblemAt(cause.Field, cause.Message))]
            : IsUntypable(e) ? [.. Untyped(manifest, e.Message)]
            : [.. QuotedField().Matches(e.Message).Select(match => manifest.ProblemAt(match.Groups["path"].Value, StrictPrefix().Replace(e.Message, "")))];
        return problems.Count > 0 ? problems : [manifest.ProblemAt("", e.Message)];
    }

    private static bool IsUntypable(KubeApiException e) => e.Message.StartsWith(Untypable, StringComparison.Ordinal);

    private static IEnumerable<ManifestProblem> Untyped(ManifestDocument manifest, string message) =>
        message[(message.IndexOf("): ", StringComparison.Ordinal) + 3)..]
            .Split('\n')
            .Select(line => Fault().Match(line))
            .Where(match => match.Success)
            .Select(match => manifest.ProblemAt(PathIn(manifest.Json, match.Groups["path"].Value), Plainly(match.Groups["message"].Value)));

    private static string Plainly(string message) => message == "field not declared in schema" ? "unknown field" : GoValue().Replace(message, "${value}");

    /// <summary>The path as people write it: items by their position, not by their keys.</summary>
    private static string PathIn(JsonNode? at, string path)
    {
        var plain = "";
        foreach (Match step in Step().Matches(path))
        {
            if (step.Groups["field"].Success)
            {
                plain += plain.Length == 0 ? step.Groups["field"].Value : $".{step.Groups["field"].Value}";
                at = (at as JsonObject)?[step.Groups["field"].Value];
            }
            else
            {
                var position = PositionOf(at as JsonArray, step.Groups["item"].Value);
                plain += position is null ? step.Value : string.Create(CultureInfo.InvariantCulture, $"[{position}]");
                at = position is { } index ? at![index] : null;
            }
        }

        return plain;
    }

    /// <summary>Position of an item that is named by its number, its keys or, in a set, its value; null when it is not there.</summary>
    private static int? PositionOf(JsonArray? list, string item)
    {
        if (list is null)
        {
            return null;
        }

        if (int.TryParse(item, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return number < list.Count ? number : null;
        }

        var keys = Key().Matches(item).Select(match => (Name: match.Groups["name"].Value, Value: match.Groups["value"].Value)).ToList();
        var found = list.ToList().FindIndex(candidate => keys.TrueForAll(key => Has(candidate, key.Name, key.Value)));
        return found < 0 ? null : found;
    }

    /// <summary>A key that the manifest leaves out has its default, whatever that is.</summary>
    private static bool Has(JsonNode? candidate, string key, string value) =>
        (key.Length == 0 ? candidate : (candidate as JsonObject)?[key]) is not { } found || found.ToJsonString() == value;

    [GeneratedRegex("(unknown|duplicate) field \"(?<path>[^\"]+)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex QuotedField();

    [GeneratedRegex("^.*strict decoding error: ", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex StrictPrefix();

    [GeneratedRegex(@"^\s*(?<path>(\.[^.\[\]:\s]+|\[[^\]]*\])+): (?<message>.+)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Fault();

    [GeneratedRegex(@"\.(?<field>[^.\[\]]+)|\[(?<item>[^\]]*)\]", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Step();

    [GeneratedRegex("(?<name>\\w*)=(?<value>\"[^\"]*\"|[^,]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Key();

    [GeneratedRegex(@"&value\.valueUnstructured\{Value:(?<value>.*)\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex GoValue();
}

/// <summary>Problems of manifests.</summary>
internal static class ManifestProblems
{
    /// <summary>A problem at the line of a field.</summary>
    public static ManifestProblem ProblemAt(this ManifestDocument manifest, string field, string message) =>
        new(manifest.LineOf(field), field, message);
}
