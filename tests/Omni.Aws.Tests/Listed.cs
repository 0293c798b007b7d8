using Omni.Shared;

namespace Omni.Aws.Tests;

/// <summary>Messages that are of no interest but for their place in the list.</summary>
internal static class Listed
{
    /// <summary>One more, of a moment.</summary>
    public static Message At(DateTimeOffset createdAt) => new()
    {
        Id = Ids.NewMessage(),
        Carrier = "twilio",
        To = Address.Phone("+14155550123"),
        From = Address.Phone("+12065550100"),
        Content = new TextContent { Body = "Hello" },
        Parts = [new PlannedPart { Length = 5 }],
        CreatedAt = createdAt,
    };
}
