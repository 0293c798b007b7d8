using System.Text.Json;
using Amazon.Lambda.Serialization.SystemTextJson;
using Amazon.Lambda.SQSEvents;

namespace Omni.Lambda.Tests;

public sealed class SerializerTests
{
    [Fact]
    public void Null_is_read_as_no_object() => Assert.Null(Json.Read<SQSEvent>("null"));

    [Fact]
    public void Missing_members_are_null() => Assert.Null(Json.Read<SQSEvent>("{}").Records);

    [Theory]
    [InlineData("")]
    [InlineData("""{"Records":"x"}""")]
    [InlineData("{")]
    public void A_bad_event_is_one_kind_of_exception_that_names_the_type(string json)
    {
        var exception = Assert.Throws<JsonSerializerException>(() => Json.Read<SQSEvent>(json));

        Assert.IsType<JsonException>(exception.InnerException, exactMatch: false);
        Assert.Contains("SQSEvent", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_type_outside_of_the_context_is_refused_by_name()
    {
        Assert.Contains(
            "System.Version", Assert.Throws<JsonSerializerException>(() => Json.Read<Version>("{}")).Message, StringComparison.Ordinal);
        Assert.Contains(
            "System.Version",
            Assert.Throws<JsonSerializerException>(() => Json.Write(new Version(1, 0))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Names_are_as_declared_and_nulls_are_left_out() =>
        Assert.Equal("""{"FirstName":"Ann"}""", Json.Write(new Plain("Ann", null, null)));

    [Fact]
    public void An_element_of_S3_has_its_own_name() =>
        Assert.Equal("""{"x-amz-id-2":"a"}""", Json.Write(new Plain(null, "a", null)));

    [Fact]
    public void Names_match_in_any_case() => Assert.Equal("Ann", Json.Read<Plain>("""{"FIRSTNAME":"Ann"}""").FirstName);

    [Fact]
    public void Times_are_written_as_ISO_8601() =>
        Assert.Equal("""{"At":"2026-01-02T03:04:05Z"}""", Json.Write(new Plain(null, null, new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc))));

    [Theory]
    [InlineData("\"AQI=\"")]
    [InlineData("[1,2]")]
    public void Bytes_are_read_from_text_or_numbers_and_written_as_numbers(string json)
    {
        var bytes = Json.Read<byte[]>(json);

        Assert.Equal([1, 2], bytes);
        Assert.Equal("[1,2]", Json.Write(bytes));
    }

    [Fact]
    public void The_customizer_changes_the_options()
    {
        var strict = new SourceGeneratorLambdaJsonSerializer<TestJsonContext>(
            (JsonSerializerOptions options) => options.PropertyNameCaseInsensitive = false);

        Assert.Null(strict.Deserialize<Plain>(new MemoryStream("""{"firstname":"Ann"}"""u8.ToArray())).FirstName);
    }

    [Fact]
    public void The_naming_policy_falls_back()
    {
        var policy = new AwsNamingPolicy(JsonNamingPolicy.CamelCase);

        Assert.Equal(["x-amz-request-id", "other"], [policy.ConvertName("XAmzRequestId"), policy.ConvertName("Other")]);
    }
}
