using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace LocalCluster.Identity;

/// <summary>The key that signs the tokens of this cluster.</summary>
internal sealed class SigningKey : IDisposable
{
    private readonly ECDsa _key;

    private SigningKey(ECDsa key)
    {
        _key = key;
        Id = Base64Url.EncodeToString(SHA256.HashData(key.ExportSubjectPublicKeyInfo()));
    }

    /// <summary>Names the key in tokens.</summary>
    public string Id { get; }

    /// <summary>Reads the key of a cluster, or makes one that only its owner can read.</summary>
    /// <param name="file">Its file; null for a key that is not kept.</param>
    public static SigningKey Load(string? file)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        if (file is null)
        {
            return new SigningKey(key);
        }

        if (File.Exists(file))
        {
            key.ImportFromPem(File.ReadAllText(file));
            return new SigningKey(key);
        }

        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var writer = new StreamWriter(file, options);
        writer.Write(key.ExportPkcs8PrivateKeyPem());
        return new SigningKey(key);
    }

    /// <summary>Signs.</summary>
    public byte[] Sign(byte[] content)
    {
        lock (_key)
        {
            return _key.SignData(content, HashAlgorithmName.SHA256);
        }
    }

    /// <summary>True when a signature, in base64url, is of this key.</summary>
    public bool Verify(byte[] content, string signature)
    {
        try
        {
            lock (_key)
            {
                return _key.VerifyData(content, Base64Url.DecodeFromChars(signature), HashAlgorithmName.SHA256);
            }
        }
        catch (FormatException)
        {
            return false;
        }
    }

    /// <summary>The public key as a JSON Web Key Set (RFC 7517).</summary>
    public JsonObject ToKeySet()
    {
        var point = _key.ExportParameters(includePrivateParameters: false).Q;
        return new JsonObject
        {
            ["keys"] = new JsonArray(new JsonObject
            {
                ["use"] = "sig",
                ["kty"] = "EC",
                ["kid"] = Id,
                ["crv"] = "P-256",
                ["alg"] = "ES256",
                ["x"] = Base64Url.EncodeToString(point.X),
                ["y"] = Base64Url.EncodeToString(point.Y),
            }),
        };
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();
}
