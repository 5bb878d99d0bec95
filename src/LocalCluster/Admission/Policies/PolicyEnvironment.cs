using LocalCluster.Cel;

namespace LocalCluster.Admission.Policies;

/// <summary>What the expressions of a policy can be about.</summary>
/// <param name="Object">Type of <c>object</c> and <c>oldObject</c>: dyn to evaluate them, that of a schema to check them.</param>
/// <param name="Params">Type of <c>params</c>; null for a policy without parameters.</param>
internal sealed record PolicyTypes(CelType Object, CelType? Params);

/// <summary>
/// The variables of policies' expressions, as kube-apiserver's admission/plugin/cel declares them. Each has its place among the
/// values of an evaluation; those that an expression can't see are there under a name that can't be written.
/// </summary>
internal static class PolicyEnvironment
{
    public const int Object = 0;
    public const int OldObject = 1;
    public const int Request = 2;
    public const int NamespaceObject = 3;
    public const int Params = 4;
    public const int Authorizer = 5;
    public const int RequestResource = 6;
    public const int Variables = 7;

    /// <summary>Number of variables.</summary>
    public const int Count = 8;

    private const string Hidden = "";

    private static readonly CelType Texts = CelType.List(CelType.String);
    private static readonly CelType TextMap = CelType.Map(CelType.String, CelType.String);

    /// <summary>Type of <c>request</c>.</summary>
    public static CelType RequestType { get; } = Structure("kubernetes.AdmissionRequest", new()
    {
        ["kind"] = Identity("kubernetes.GroupVersionKind", "kind"),
        ["resource"] = Identity("kubernetes.GroupVersionResource", "resource"),
        ["subResource"] = CelType.String,
        ["requestKind"] = Identity("kubernetes.GroupVersionKind", "kind"),
        ["requestResource"] = Identity("kubernetes.GroupVersionResource", "resource"),
        ["requestSubResource"] = CelType.String,
        ["name"] = CelType.String,
        ["namespace"] = CelType.String,
        ["operation"] = CelType.String,
        ["userInfo"] = Structure("kubernetes.UserInfo", new()
        {
            ["username"] = CelType.String,
            ["uid"] = CelType.String,
            ["groups"] = Texts,
            ["extra"] = CelType.Map(CelType.String, Texts),
        }),
        ["dryRun"] = CelType.Bool,
        ["options"] = CelType.Dyn,
    });

    /// <summary>Type of <c>namespaceObject</c>.</summary>
    public static CelType NamespaceType { get; } = Structure("kubernetes.Namespace", new()
    {
        ["metadata"] = Structure("kubernetes.NamespaceMetadata", new()
        {
            ["name"] = CelType.String,
            ["generateName"] = CelType.String,
            ["namespace"] = CelType.String,
            ["labels"] = TextMap,
            ["annotations"] = TextMap,
            ["UID"] = CelType.String,
            ["creationTimestamp"] = CelType.Timestamp,
            ["deletionGracePeriodSeconds"] = CelType.Int,
            ["deletionTimestamp"] = CelType.Timestamp,
            ["generation"] = CelType.Int,
            ["resourceVersion"] = CelType.String,
            ["finalizers"] = Texts,
        }),
        ["spec"] = Structure("kubernetes.NamespaceSpec", new() { ["finalizers"] = Texts }),
        ["status"] = Structure("kubernetes.NamespaceStatus", new()
        {
            ["conditions"] = CelType.List(Structure("kubernetes.NamespaceCondition", new()
            {
                ["status"] = CelType.String,
                ["type"] = CelType.String,
                ["lastTransitionTime"] = CelType.Timestamp,
                ["message"] = CelType.String,
                ["reason"] = CelType.String,
            })),
            ["phase"] = CelType.String,
        }),
    });

    /// <summary>What an expression can use.</summary>
    /// <param name="types">What it is about.</param>
    /// <param name="variables">Types of the policy's variables that stand before it; null when it sees none.</param>
    /// <param name="seesAuthorizer">False for messages.</param>
    public static CelEnvironment Of(PolicyTypes types, IReadOnlyDictionary<string, CelType>? variables, bool seesAuthorizer = true)
    {
        var composed = variables?.ToDictionary() ?? [];
        return new CelEnvironment(
        [
            new("object", types.Object),
            new("oldObject", types.Object),
            new("request", RequestType),
            new("namespaceObject", NamespaceType),
            new(types.Params is null ? Hidden : "params", types.Params ?? CelType.Dyn),
            new(seesAuthorizer ? "authorizer" : Hidden, AuthorizerFunctions.Authorizer),
            new(seesAuthorizer ? "authorizer.requestResource" : Hidden, AuthorizerFunctions.ResourceCheck),
            new(variables is null ? Hidden : "variables", Structure("kubernetes.variables", composed)),
        ])
        {
            Functions = AuthorizerFunctions.All,
        };
    }

    private static CelType Identity(string name, string last) => Structure(
        name, new() { ["group"] = CelType.String, ["version"] = CelType.String, [last] = CelType.String });

    private static CelType Structure(string name, Dictionary<string, CelType> fields) => CelType.Object(name, () => fields);
}
