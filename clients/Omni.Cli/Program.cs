using Omni.Cli;

using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(30) };
return await Cli.RunAsync(args, new World(http));
