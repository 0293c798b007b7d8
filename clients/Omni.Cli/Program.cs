using Omni.Cli;

using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = Timeout.InfiniteTimeSpan };
return await Cli.RunAsync(args, new World(http));
