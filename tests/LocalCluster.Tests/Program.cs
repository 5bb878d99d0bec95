using LocalCluster.Tests;
using LocalCluster.Tests.Storage;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

// The entry point that xunit would generate, and before it the other thing that this program can be.
await KilledWriterTests.WriteIfAskedAsync();
return args.Any(arg => arg is "--server" or "--internal-msbuild-node")
    ? await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
    : await ConsoleRunner.Run(args);
