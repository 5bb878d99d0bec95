using System.Security.Cryptography;
using Compliance.Audit.Keys;

namespace Compliance.Audit.Personal;

/// <summary>The key that wraps the keys of all subjects: 32 random bytes in a file that only its owner may read.</summary>
public static class MasterKeyFile
{
    /// <summary>Reads the key, and makes one where there is none.</summary>
    /// <exception cref="AuditUnavailableException">Others may read the file, or it holds no key.</exception>
    public static byte[] LoadOrCreate(string path)
    {
        try
        {
            if (!File.Exists(path))
            {
                Create(path);
            }

            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~OwnerOnlyFile.Mode) != UnixFileMode.None)
            {
                throw new AuditUnavailableException($"others than its owner may read the master key of personal data, {path}: set its mode to 600");
            }

            var key = File.ReadAllBytes(path);
            return key.Length == Sealing.KeyBytes ? key : throw new AuditUnavailableException($"{path} has {key.Length} bytes, not {Sealing.KeyBytes}: restore the master key of personal data from a backup");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AuditUnavailableException($"the master key of personal data, {path}, can't be read or made: {e.Message}", e);
        }
    }

    private static void Create(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        try
        {
            OwnerOnlyFile.Create(path, RandomNumberGenerator.GetBytes(Sealing.KeyBytes));
        }
        catch (IOException) when (File.Exists(path))
        {
            // another process that starts at the same time was faster: its key is the one
        }
    }
}
