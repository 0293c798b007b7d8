using System.Text;

namespace Omni.Api;

/// <summary>The description of this API, written by hand and served as it is. Tests hold it to the routes and the problems.</summary>
internal static class OpenApiDocument
{
    private static readonly Lazy<string> Text = new(() =>
    {
        using var reader = new StreamReader(typeof(OpenApiDocument).Assembly.GetManifestResourceStream("openapi.json")!, Encoding.UTF8);
        return reader.ReadToEnd();
    });

    public static Task<ApiResult> HandleAsync(ApiCall call, CancellationToken cancellation) =>
        Task.FromResult<ApiResult>(new ApiResult.Answer(200, Text.Value));
}
