using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Resources;
using LocalCluster.Errors;
using LocalCluster.Registry;
using LocalCluster.Resources;

namespace LocalCluster.Admission;

/// <summary>Every pod has a service account, and unless somebody says otherwise its token.</summary>
internal sealed class ServiceAccounts : IAdmissionPlugin
{
    private const string MountPath = "/var/run/secrets/kubernetes.io/serviceaccount";
    private const long TokenSeconds = 3607;

    /// <inheritdoc/>
    public void Mutate(AdmissionRequest request)
    {
        if (request is not { Operation: AdmissionOperation.Create, Resource.StorageName: "pods" })
        {
            return;
        }

        var spec = request.Object.Json.ObjectAt("spec");
        spec["serviceAccountName"] ??= "default";
        var name = spec.Text("serviceAccountName");
        spec["serviceAccount"] = name;
        var stored = request.Context.Snapshot.Find("serviceaccounts", new ObjectKey(request.Object.Namespace, name))
            ?? throw StatusErrors.Forbidden(
                request.Resource.Type,
                request.Object.Name,
                $"error looking up service account {request.Object.Namespace}/{name}: serviceaccount \"{name}\" not found");
        var account = KubeObject.Parse(stored);
        var mounts = (spec["automountServiceAccountToken"] ?? account.Json["automountServiceAccountToken"]) is not { } flag || (bool)flag;
        if (mounts)
        {
            MountToken(spec);
        }

        if (spec.Items("imagePullSecrets").Count == 0 && account.Json["imagePullSecrets"] is { } secrets)
        {
            spec["imagePullSecrets"] = secrets.DeepClone();
        }
    }

    private static void MountToken(JsonObject spec)
    {
        var volume = GeneratedName.From("kube-api-access-");
        var mounted = false;
        foreach (var container in spec.Items("containers").Concat(spec.Items("initContainers")).OfType<JsonObject>())
        {
            if (container.Items("volumeMounts").Any(m => m.Text("mountPath") == MountPath))
            {
                continue;
            }

            mounted = true;
            Append(container, "volumeMounts", new JsonObject { ["name"] = volume, ["readOnly"] = true, ["mountPath"] = MountPath });
        }

        if (mounted)
        {
            Append(spec, "volumes", new JsonObject { ["name"] = volume, ["projected"] = Sources() });
        }
    }

    private static JsonObject Sources() => new()
    {
        ["sources"] = new JsonArray(
            new JsonObject { ["serviceAccountToken"] = new JsonObject { ["expirationSeconds"] = TokenSeconds, ["path"] = "token" } },
            new JsonObject
            {
                ["configMap"] = new JsonObject
                {
                    ["name"] = "kube-root-ca.crt",
                    ["items"] = new JsonArray(new JsonObject { ["key"] = "ca.crt", ["path"] = "ca.crt" }),
                },
            },
            new JsonObject
            {
                ["downwardAPI"] = new JsonObject
                {
                    ["items"] = new JsonArray(new JsonObject
                    {
                        ["path"] = "namespace",
                        ["fieldRef"] = new JsonObject { ["apiVersion"] = "v1", ["fieldPath"] = "metadata.namespace" },
                    }),
                },
            }),
        ["defaultMode"] = 420L,
    };

    private static void Append(JsonObject owner, string list, JsonObject item)
    {
        if (owner[list] is JsonArray existing)
        {
            existing.Add(item);
        }
        else
        {
            owner[list] = new JsonArray(item);
        }
    }
}
