using System.Diagnostics;
using System.Globalization;

namespace Performance.Gateways;

/// <summary>A HAProxy (Debian) of this run's own: a proxy with kept connections and a limit by address that nobody reaches.</summary>
internal sealed class HaproxyProcess : IDisposable
{
    private readonly Process _process;
    private readonly string _file;

    private HaproxyProcess(Process process, string file) => (_process, _file) = (process, file);

    public static HaproxyProcess Proxy(int port, int backend)
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, string.Create(CultureInfo.InvariantCulture, $$$$"""
            global
              nbthread {{{{Environment.ProcessorCount}}}}
              maxconn 4096
            defaults
              mode http
              timeout connect 5s
              timeout client 60s
              timeout server 60s
              http-reuse always
            frontend callers
              bind 127.0.0.1:{{{{port}}}}
              stick-table type ip size 100k expire 10s store http_req_rate(1s)
              http-request track-sc0 src
              http-request deny deny_status 429 if { sc_http_req_rate(0) gt 1000000 }
              http-request set-header X-Forwarded-For %[src]
              default_backend backend
            backend backend
              server one 127.0.0.1:{{{{backend}}}}

            """));
        return new HaproxyProcess(Process.Start("haproxy", ["-db", "-q", "-f", file]), file);
    }

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
        File.Delete(_file);
    }
}
