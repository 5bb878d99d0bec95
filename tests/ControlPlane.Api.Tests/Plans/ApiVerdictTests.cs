using System.Net;
using ControlPlane.Api.Plans;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Manifests;

namespace ControlPlane.Api.Tests.Plans;

/// <summary>What API servers say, word for word, and what people read.</summary>
public sealed class ApiVerdictTests
{
    private static readonly ManifestDocument Manifest = ManifestReader.Read(
        """
        apiVersion: v1
        kind: Service
        spec:
          ports:
          - {name: a, port: 80}
          - {name: b, port: 81, prot: TCP}
          tags: [x, z]
        """,
        "service.yaml").Single();

    [Theory]
    [InlineData(""".spec.prots: field not declared in schema""", "spec.prots: unknown field (line 3)")]
    [InlineData(""".spec.ports[port=81,protocol="TCP"].prot: field not declared in schema""", "spec.ports[1].prot: unknown field (line 6)")]
    [InlineData(""".spec.ports[name="b"].port: expected numeric (int or float), got &value.valueUnstructured{Value:"x"}""", """spec.ports[1].port: expected numeric (int or float), got "x" (line 6)""")]
    [InlineData(""".spec.tags[="z"]: duplicate entries""", "spec.tags[1]: duplicate entries (line 7)")]
    [InlineData(""".spec.ports[0].name: is odd""", "spec.ports[0].name: is odd (line 5)")]
    [InlineData(""".spec.ports[name="gone"].name: is odd""", """spec.ports[name="gone"].name: is odd (line 4)""")]
    public void Fields_of_an_apply_that_does_not_fit_the_schema_are_found_in_the_manifest(string fault, string problem) =>
        Assert.Equal([problem], Problems(HttpStatusCode.InternalServerError, $"failed to create typed patch object (shop/a; v1, Kind=Service): {fault}"));

    [Fact]
    public void Every_fault_of_several_is_told() => Assert.Equal(
        ["spec.a: unknown field (line 3)", "spec.b: unknown field (line 3)"],
        Problems(
            HttpStatusCode.InternalServerError,
            "failed to create typed patch object (shop/a; v1, Kind=Service): errors:\n  .spec.a: field not declared in schema\n  .spec.b: field not declared in schema"));

    [Fact]
    public void Fields_that_strict_decoding_quotes_are_found() => Assert.Equal(
        ["""spec.tags: unknown field "spec.tags" (line 7)"""],
        Problems(HttpStatusCode.BadRequest, """Service in version "v1" cannot be handled as a Service: strict decoding error: unknown field "spec.tags" """.TrimEnd()));

    [Fact]
    public void Causes_are_taken_as_they_are() => Assert.Equal(
        ["spec.ports[0].port: is taken (line 5)"],
        Problems(HttpStatusCode.UnprocessableEntity, "invalid", new StatusCause { Field = "spec.ports[0].port", Message = "is taken" }));

    [Fact]
    public void A_refusal_that_names_no_field_is_about_the_whole() => Assert.Equal([": not today (line 1)"], Problems(HttpStatusCode.Forbidden, "not today"));

    [Theory]
    [InlineData(HttpStatusCode.Forbidden, "quota", true)]
    [InlineData(HttpStatusCode.InternalServerError, "failed to create typed patch object (a; b): .spec: no", true)]
    [InlineData(HttpStatusCode.InternalServerError, "etcd is away", false)]
    [InlineData(HttpStatusCode.Unauthorized, "who are you", false)]
    [InlineData(HttpStatusCode.TooManyRequests, "later", false)]
    public void A_refusal_of_the_manifest_is_told_from_one_of_the_request(HttpStatusCode status, string message, bool isAboutManifest) =>
        Assert.Equal(isAboutManifest, ApiVerdict.IsAboutManifest(new KubeApiException(status, "", message)));

    private static IEnumerable<string> Problems(HttpStatusCode status, string message, params StatusCause[] causes) =>
        ApiVerdict.Problems(Manifest, new KubeApiException(status, "", message, causes)).Select(problem => $"{problem.Field}: {problem.Message} (line {problem.Line})");
}
