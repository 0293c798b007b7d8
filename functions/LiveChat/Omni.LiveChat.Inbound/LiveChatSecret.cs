using System.Text.Json;

namespace Omni.LiveChat.Inbound;

/// <summary>
/// LiveChat signs nothing: a call carries the secret of its registration in its body. So the body is looked into before it is trusted, for
/// this one member and no further. https://platform.text.com/docs/management/webhooks#webhook-format
/// </summary>
/// <param name="Value">The secret.</param>
/// <param name="Start">Where its member begins in the body.</param>
/// <param name="End">Where its member ends.</param>
internal sealed record LiveChatSecret(string Value, int Start, int End)
{
    /// <summary>The secret in a body; null when there is none that can be found. Never throws.</summary>
    /// <param name="body">The body.</param>
    public static LiveChatSecret? Find(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return null;

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var (isIt, start) = (reader.ValueTextEquals("secret_key"), (int)reader.TokenStartIndex);
                reader.Read();
                if (isIt)
                    return reader.TokenType == JsonTokenType.String ? new(reader.GetString()!, start, (int)reader.BytesConsumed) : null;

                reader.Skip();
            }
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            // Not JSON, or text in it that is no UTF-8.
        }

        return null;
    }

    /// <summary>A body without its secret, and otherwise to the byte as it came.</summary>
    /// <param name="body">The body.</param>
    public static ReadOnlyMemory<byte> Strip(ReadOnlyMemory<byte> body)
    {
        while (Find(body.Span) is { } secret)
        {
            // With the comma that joins it: the one after it or, if it is the last member, the one before.
            var before = body.Span[..secret.Start];
            var after = body.Span[secret.End..];
            if (after.TrimStart(" \t\r\n"u8) is [(byte)',', .. var rest]) after = rest;
            else if (before.TrimEnd(" \t\r\n"u8) is [.. var kept, (byte)',']) before = kept;
            body = (byte[])[.. before, .. after];
        }

        return body;
    }
}
