using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Omni.WebConsole;

if (args.Contains("--help"))
{
    Console.WriteLine(ConsoleOptions.Help);
    return 0;
}

ConsoleOptions options;
try
{
    options = ConsoleOptions.Parse(args, Environment.GetEnvironmentVariable);
}
catch (ArgumentException wrong)
{
    await Console.Error.WriteLineAsync(wrong.Message);
    return 2;
}

var builder = WebApplication.CreateSlimBuilder(["--hostBuilder:reloadConfigOnChange=false"]);
builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, options.Port));
builder.Services.AddOmniConsole(_ => options);
await using var app = builder.Build();
app.UseOmniConsole();
app.MapGet("/", () => Results.Redirect(ConsoleApp.Path + "/"));
await app.StartAsync();
Console.WriteLine($"Omni's console for {options.Url} is at http://127.0.0.1:{new Uri(app.Urls.First()).Port}{ConsoleApp.Path}/");
await app.WaitForShutdownAsync();
return 0;
