namespace LocalCluster.Load;

/// <summary>What the made-up traffic is like.</summary>
/// <param name="Settings">How much there should be.</param>
/// <param name="Target">Where it goes.</param>
/// <param name="Hour">Hour of its day in India, from 0 to under 24.</param>
/// <param name="RequestsPerSecond">Requests a second that the hour calls for; 0 when it is off.</param>
/// <param name="Sent">Requests sent since the process started.</param>
/// <param name="Failed">Of these, those that nobody answered, or with a status from 500 on.</param>
/// <param name="Skipped">Requests that were not sent, because too many were under way.</param>
public sealed record LoadStatus(LoadSettings Settings, Uri Target, double Hour, double RequestsPerSecond, long Sent, long Failed, long Skipped);
