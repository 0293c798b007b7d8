using System.Text.Json.Serialization;

namespace Omni.Client;

/// <summary>What a message says: one of the classes below. A kind that this version does not know is read as this class itself.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type", IgnoreUnrecognizedTypeDiscriminators = true)]
[JsonDerivedType(typeof(TextContent), ContentType.Text)]
[JsonDerivedType(typeof(ImageContent), ContentType.Image)]
[JsonDerivedType(typeof(VideoContent), ContentType.Video)]
[JsonDerivedType(typeof(AudioContent), ContentType.Audio)]
[JsonDerivedType(typeof(DocumentContent), ContentType.Document)]
[JsonDerivedType(typeof(StickerContent), ContentType.Sticker)]
[JsonDerivedType(typeof(LocationContent), ContentType.Location)]
[JsonDerivedType(typeof(ContactsContent), ContentType.Contacts)]
[JsonDerivedType(typeof(TemplateContent), ContentType.Template)]
[JsonDerivedType(typeof(InteractiveContent), ContentType.Interactive)]
[JsonDerivedType(typeof(ReactionContent), ContentType.Reaction)]
[JsonDerivedType(typeof(UnsupportedContent), ContentType.Unsupported)]
public record Content;
