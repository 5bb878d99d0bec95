using LocalCluster.Actions;
using LocalCluster.Cel;

namespace LocalCluster.Admission.Policies;

/// <summary>
/// Kubernetes' library of the authorizer. This cluster knows no access rules: as its access reviews do, every check answers yes.
/// </summary>
internal static class AuthorizerFunctions
{
    private static readonly CelType PathCheck = CelType.Opaque("kubernetes.authorization.PathCheck");
    private static readonly CelType GroupCheck = CelType.Opaque("kubernetes.authorization.GroupCheck");
    private static readonly CelType Decision = CelType.Opaque("kubernetes.authorization.Decision");

    /// <summary>Type of <c>authorizer</c>.</summary>
    public static CelType Authorizer { get; } = CelType.Opaque("kubernetes.authorization.Authorizer");

    /// <summary>Type of <c>authorizer.requestResource</c>.</summary>
    public static CelType ResourceCheck { get; } = CelType.Opaque("kubernetes.authorization.ResourceCheck");

    public static IReadOnlyList<Overload> All { get; } =
    [
        Step("path", Authorizer, PathCheck, 1),
        Step("group", Authorizer, GroupCheck, 1),
        Step("serviceAccount", Authorizer, Authorizer, 2),
        Step("resource", GroupCheck, ResourceCheck, 1),
        Step("subresource", ResourceCheck, ResourceCheck, 1),
        Step("namespace", ResourceCheck, ResourceCheck, 1),
        Step("name", ResourceCheck, ResourceCheck, 1),
        Step("fieldSelector", ResourceCheck, ResourceCheck, 1),
        Step("labelSelector", ResourceCheck, ResourceCheck, 1),
        Step("check", PathCheck, Decision, 1),
        Step("check", ResourceCheck, Decision, 1),
        Answer("allowed", CelType.Bool, true),
        Answer("reason", CelType.String, AccessReview.Reason),
        Answer("errored", CelType.Bool, false),
        Answer("error", CelType.String, ""),
    ];

    /// <summary>A value of one of the library's types, all of which are alike.</summary>
    public static object Value(CelType type) => new Question(type);

    private static Overload Step(string name, CelType from, CelType to, int texts) =>
        new(name, true, [from, .. Enumerable.Repeat(CelType.String, texts)], to, _ => Value(to));

    private static Overload Answer(string name, CelType type, object answer) => new(name, true, [Decision], type, _ => answer);

    private sealed record Question(CelType Type) : IOpaque;
}
