namespace Omni.Simulators.MessageBird;

/// <summary>The simulated MessageBird account, of the classic kind: its keys, its senders, its channels and its templates.</summary>
public sealed record MessageBirdOptions
{
    /// <summary>The access key of calls.</summary>
    public string ApiKey { get; init; } = "simulated-access-key";

    /// <summary>The signing key of the dashboard, which signs webhooks. It is not the access key.</summary>
    public string SigningKey { get; init; } = "simulated-signing-key";

    /// <summary>The other key of a rotation: it signs once told to (<c>signWith</c>).</summary>
    public string PreviousSigningKey { get; init; } = "simulated-previous-signing-key";

    /// <summary>The numbers and short codes of the account, digits only. Any name of up to 11 letters and digits is a sender too.</summary>
    public IReadOnlyList<string> Numbers { get; init; } = ["12065550100", "12065550101", "31970001234", "24680"];

    /// <summary>The channels of the Conversations API.</summary>
    public IReadOnlyList<MessageBirdChannel> Channels { get; init; } = [new("c0ffee11c0ffee11c0ffee11c0ffee11", "whatsapp", "12065550109")];

    /// <summary>The namespace of the account's templates.</summary>
    public string TemplateNamespace { get; init; } = "5ca1ab1e_0000_4000_8000_000000000042";

    /// <summary>The bodies of approved templates by name, with places such as <c>{{1}}</c>.</summary>
    public IReadOnlyDictionary<string, string> Templates { get; init; } =
        new Dictionary<string, string> { ["parcel_on_its_way"] = "Hello {{1}}, your parcel comes at {{2}}." };

    /// <summary>Messages that the account takes. MessageBird publishes no figure; this one is not in anybody's way.</summary>
    public RateLimit Rate { get; init; } = new(PerSecond: 500, Burst: 5_000);
}

/// <summary>A channel: a number on a platform.</summary>
/// <param name="Id">32 hex digits.</param>
/// <param name="Platform">Such as <c>whatsapp</c>.</param>
/// <param name="Number">Its number, digits only.</param>
public sealed record MessageBirdChannel(string Id, string Platform, string Number);
