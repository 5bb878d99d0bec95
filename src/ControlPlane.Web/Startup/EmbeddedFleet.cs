using System.Text.Json;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Manifests;
using ControlPlane.Kubernetes.Resources;

namespace ControlPlane.Web.Startup;

/// <summary>Installs the fleet's kinds and those of the Gateway API into the embedded cluster, and on first start the example fleet.</summary>
internal static class EmbeddedFleet
{
    private static readonly WriteOptions Write = new() { FieldManager = "dabbawala-install", Force = true };

    public static async Task InstallAsync(KubeApi api, HostSettings settings, CancellationToken cancellationToken)
    {
        foreach (var folder in (string[])["crds", "gateway-api"])
        {
            var kinds = new InstalledKinds(api, FilesOf(folder), Path.Combine(settings.DataDirectory, $"{folder}-installed"));
            if (!await kinds.AreServedAsync(cancellationToken))
            {
                await kinds.KeepAsync(await ApplyAsync(api, folder, cancellationToken), cancellationToken);
            }
        }

        var mark = Path.Combine(settings.DataDirectory, "fleet-installed");
        if (!settings.BareCluster && !File.Exists(mark))
        {
            await ApplyAsync(api, "fleet", cancellationToken);
            await File.WriteAllTextAsync(mark, "The example fleet was installed. Delete this file to have it applied once more.\n", cancellationToken);
        }
    }

    private static IReadOnlyList<string> FilesOf(string folder) =>
        [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "manifests", folder), "*.yaml").Order(StringComparer.Ordinal)];

    private static async Task<IReadOnlyList<ManifestDocument>> ApplyAsync(KubeApi api, string folder, CancellationToken cancellationToken)
    {
        var discovery = new ApiDiscovery(api);
        var documents = FilesOf(folder)
            .SelectMany(file => ManifestReader.Read(File.ReadAllText(file), Path.GetFileName(file)))
            .OrderBy(document => document.Kind == "Namespace" ? 0 : 1)
            .ToList();
        foreach (var document in documents)
        {
            var type = await discovery.FindAsync(document.ApiVersion, document.Kind, cancellationToken)
                ?? throw new StartupException($"{document.File}: the embedded cluster does not serve {document.ApiVersion} {document.Kind}");
            try
            {
                await api.ApplyAsync(type, document.Key, JsonSerializer.SerializeToUtf8Bytes(document.Json, JsonSerializerOptions.Default), Write, cancellationToken);
            }
            catch (KubeApiException e)
            {
                throw new StartupException($"{document.File} can't be applied to the embedded cluster: {e.Message}", e);
            }
        }

        return documents;
    }
}
