using System.Globalization;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting.Compact;

namespace ControlPlane.Web.Startup;

/// <summary>One JSON object a line, except at a terminal, where people read.</summary>
internal static class Logging
{
    public static Logger Create()
    {
        var logging = new LoggerConfiguration()
            .MinimumLevel.Information()
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            .MinimumLevel.Override("Microsoft.Hosting.Lifetime", LogEventLevel.Information)
            .MinimumLevel.Override("System.Net.Http.HttpClient", LogEventLevel.Warning)
            .MinimumLevel.Override("Yarp", LogEventLevel.Warning) // it writes where every request goes, with its query, which may speak of people
            .Enrich.FromLogContext();
        return Console.IsOutputRedirected
            ? logging.WriteTo.Console(new RenderedCompactJsonFormatter()).CreateLogger()
            : logging.WriteTo.Console(formatProvider: CultureInfo.InvariantCulture).CreateLogger();
    }
}
