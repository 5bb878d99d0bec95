using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Quartz;

namespace ControlPlane.Api.Audit.Exports;

/// <summary>Puts exports together.</summary>
public static class ExportServices
{
    private const string Expiry = "export-expiry";
    private const string Hourly = "0 7 * * * ?";

    /// <summary>Adds exports, and what makes them in the background. Somebody else registers the log and its <c>ExportKeys</c>.</summary>
    public static IServiceCollection AddExports(this IServiceCollection services, ExportOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton<ExportFeed>();
        services.AddSingleton<ExportQueries>();
        services.AddSingleton<ExportCommands>();
        services.AddSingleton<ExportScheduler>();
        services.AddTransient<ExportRun>();
        services.AddTransient<ExportExpiry>();
        services.AddQuartz(quartz =>
        {
            quartz.UseDefaultThreadPool(pool => pool.MaxConcurrency = 1);
            quartz.AddJob<ExportExpiry>(job => job.WithIdentity(Expiry));
            quartz.AddTrigger(trigger => trigger.ForJob(Expiry).WithSchedule(CronScheduleBuilder.Create(Hourly)));
        });
        services.AddQuartzHostedService(hosted => hosted.WaitForJobsToComplete = false);
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<ExportScheduler>());
        return services;
    }
}
