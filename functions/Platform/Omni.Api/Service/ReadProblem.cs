using System.Text;

namespace Omni.Api;

/// <summary>Explains a kind of problem: <c>type</c> of every problem document leads here. The words are those of problems.md.</summary>
internal static class ReadProblem
{
    private const string Headline = "\n## ";

    private static readonly Lazy<IReadOnlyDictionary<string, string>> Explanations = new(Read);

    public static string PathOf(string code) => "/api/v1/problems/" + code;

    public static Task<ApiResult> HandleAsync(ApiCall call, CancellationToken cancellation) => Task.FromResult<ApiResult>(
        Problems.All.FirstOrDefault(kind => kind.Code == call.Id) is { } kind
            ? ApiResult.Ok(
                new(kind.Code, kind.Status, kind.Title, kind.Retryable, Explanations.Value[kind.Code]), ApiJson.Wire.ProblemKindView)
            : Problems.NotFound.Because("There is no such kind of problem; x-problems of /api/v1/openapi.json lists them all."));

    private static Dictionary<string, string> Read()
    {
        using var reader = new StreamReader(typeof(ReadProblem).Assembly.GetManifestResourceStream("problems.md")!, Encoding.UTF8);
        return reader.ReadToEnd().ReplaceLineEndings("\n").Split(Headline).Skip(1)
            .Select(section => section.Split('\n', 2))
            .ToDictionary(section => section[0].Trim(), section => section[1].Trim());
    }
}

/// <summary>A kind of problem.</summary>
/// <param name="Code">Its code.</param>
/// <param name="Status">The HTTP status that it travels with.</param>
/// <param name="Title">What it means, in a few words.</param>
/// <param name="Retryable">Whether the same request may succeed later.</param>
/// <param name="Explanation">When it comes, and what to do about it, as Markdown.</param>
internal sealed record ProblemKindView(string Code, int Status, string Title, bool Retryable, string Explanation);
