using Compliance.Audit;

namespace ControlPlane.Api.Audit.Storage;

/// <summary>A log goes under one key: entries that two keys sign would be two logs that look like one.</summary>
internal static class LogKeys
{
    /// <param name="settled">Public key by which the log was opened first.</param>
    /// <param name="key">Public key of whoever opens it now.</param>
    /// <exception cref="AuditUnavailableException">They are not the same.</exception>
    public static void Check(string settled, string key)
    {
        if (settled != key)
        {
            throw new AuditUnavailableException(
                $"the audit log goes under the key {settled}, and this process has {key}: put the log's own audit.key into the data directory (all replicas need the same), or keep this log somewhere else");
        }
    }
}
