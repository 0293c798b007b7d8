using System.Text.Json.Serialization;

namespace Omni.Shared;

/// <summary>What a sender carries.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<SenderChannel>))]
public enum SenderChannel
{
    /// <summary>Texts to telephones.</summary>
    Sms,

    /// <summary>Files to telephones.</summary>
    Mms,

    /// <summary>WhatsApp.</summary>
    Whatsapp,

    /// <summary>A chat on a page.</summary>
    Chat,
}
