using System.Net.Security;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Gateway.Resources;

namespace Gateway.Planning;

/// <summary>Reads the certificates of Secrets. Each version of a Secret is read once, however often it is planned with.</summary>
internal sealed class Certificates
{
    private readonly ConditionalWeakTable<TlsSecret, Reading> _read = [];

    /// <summary>The certificate with its chain, or why it can't be used; the problem never says what is in it.</summary>
    public (SslStreamCertificateContext? Certificate, string? Problem) Read(TlsSecret secret)
    {
        var reading = _read.GetValue(secret, Parse);
        return (reading.Certificate, reading.Problem);
    }

    private static Reading Parse(TlsSecret secret)
    {
        if (!secret.Data.TryGetValue("tls.crt", out var chain) || !secret.Data.TryGetValue("tls.key", out var key))
        {
            return new(null, "it lacks tls.crt or tls.key");
        }

        try
        {
            var pem = Encoding.UTF8.GetString(Convert.FromBase64String(chain));
            var all = new X509Certificate2Collection();
            all.ImportFromPem(pem);
            var certificate = X509Certificate2.CreateFromPem(pem, Encoding.UTF8.GetString(Convert.FromBase64String(key)));
            return new(SslStreamCertificateContext.Create(certificate, all, offline: true), null);
        }
        catch (Exception e) when (e is CryptographicException or FormatException or ArgumentException)
        {
            return new(null, "its certificate or key can't be read, or they do not belong together");
        }
    }

    private sealed record Reading(SslStreamCertificateContext? Certificate, string? Problem);
}
