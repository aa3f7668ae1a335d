using Gateway.Hub.Tests.Support;

if (await HubProcess.RunIfAskedAsync())
{
    return 0;
}

return args.Contains("--server") || args.Contains("--internal-msbuild-node")
    ? await Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(args, Gateway.Hub.Tests.SelfRegisteredExtensions.AddSelfRegisteredExtensions)
    : await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
