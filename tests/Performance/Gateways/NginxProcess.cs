using System.Diagnostics;
using System.Globalization;

namespace Performance.Gateways;

/// <summary>An nginx (Debian's nginx-light) of this run's own, without anything of the machine's configuration.</summary>
internal sealed class NginxProcess : IDisposable
{
    private readonly Process _process;
    private readonly string _directory;

    private NginxProcess(Process process, string directory) => (_process, _directory) = (process, directory);

    /// <summary>A server that answers everything with a kilobyte.</summary>
    public static NginxProcess Backend(int port) => Start($$$$"""
        server {
          listen 127.0.0.1:{{{{port}}}} reuseport;
          location / { return 200 "{{{{new string('x', 1024)}}}}"; }
        }
        """);

    /// <summary>A proxy with kept connections and a limit by address that nobody reaches.</summary>
    public static NginxProcess Proxy(int port, int backend) => Start($$$$"""
        limit_req_zone $binary_remote_addr zone=callers:10m rate=1000000r/s;
        upstream backend { server 127.0.0.1:{{{{backend}}}}; keepalive 256; }
        server {
          listen 127.0.0.1:{{{{port}}}} reuseport;
          limit_req zone=callers burst=1000000 nodelay;
          location / { proxy_pass http://backend; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $host; proxy_set_header X-Forwarded-For $remote_addr; }
        }
        """);

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private static NginxProcess Start(string servers)
    {
        var directory = Directory.CreateTempSubdirectory("gateway-bench-").FullName;
        var file = Path.Combine(directory, "nginx.conf");
        File.WriteAllText(file, string.Create(CultureInfo.InvariantCulture, $$$$"""
            daemon off; worker_processes {{{{Environment.ProcessorCount}}}}; pid {{{{directory}}}}/nginx.pid; error_log stderr crit;
            events { worker_connections 4096; }
            http {
              access_log off; keepalive_requests 1000000;
              client_body_temp_path {{{{directory}}}}; proxy_temp_path {{{{directory}}}}; fastcgi_temp_path {{{{directory}}}}; uwsgi_temp_path {{{{directory}}}}; scgi_temp_path {{{{directory}}}};
              {{{{servers}}}}
            }
            """));
        var process = Process.Start("nginx", ["-c", file, "-p", directory]);
        return new NginxProcess(process, directory);
    }
}
