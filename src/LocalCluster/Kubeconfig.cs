namespace LocalCluster;

/// <summary>The file by which clients find the cluster. It needs no credentials, since only this machine reaches the port.</summary>
internal static class Kubeconfig
{
    private const string Name = "dabbawala-local";

    /// <summary>Writes the file, so that a reader sees the old or the new one whole.</summary>
    public static async Task WriteAsync(string path, Uri address, CancellationToken cancellationToken)
    {
        var text = $"""
            apiVersion: v1
            kind: Config
            clusters:
            - name: {Name}
              cluster:
                server: {address.GetLeftPart(UriPartial.Authority)}
            contexts:
            - name: {Name}
              context:
                cluster: {Name}
                user: ""
            current-context: {Name}

            """;
        var unfinished = path + ".new";
        await File.WriteAllTextAsync(unfinished, text, cancellationToken);
        File.Move(unfinished, path, overwrite: true);
    }
}
