using ControlPlane.Web.Startup;

return await CommandLine.Create(HostRunner.RunAsync).Parse(args).InvokeAsync();
