namespace ControlPlane.Kubernetes.Tests.Testing.Model;

/// <summary>What may become of a request on its way.</summary>
internal enum Fault
{
    None,

    /// <summary>Nobody listens.</summary>
    Refused,

    /// <summary>The server answers that it can't.</summary>
    Busy,

    /// <summary>The request never arrives and nobody says so.</summary>
    Lost,

    /// <summary>The request is served, its answer never arrives.</summary>
    AnswerLost,

    /// <summary>The request arrives when the client has long given it up.</summary>
    Late,
}

/// <summary>The troubles of one client's network.</summary>
internal sealed class NetworkFaults
{
    /// <summary>What becomes of the next request.</summary>
    public Func<HttpMethod, Fault> Next { get; set; } = static _ => Fault.None;

    /// <summary>Requests whose answer the client waits for in vain.</summary>
    public int Hanging { get; set; }

    /// <summary>Requests that are still on their way; calling one lets it arrive.</summary>
    public Queue<Action> Late { get; } = [];
}
