using Omni.Shared;

namespace Omni.MediaConverter;

/// <summary>Why a file cannot go to its carrier.</summary>
/// <param name="Code">A stable code, <c>media_…</c> or <c>converter_missing</c>.</param>
/// <param name="Detail">What the file is, what the carrier takes, and what would help: sentences that hold nothing of the message.</param>
internal sealed record MediaRefusal(string Code, string Detail)
{
    /// <summary>The reason in the words of the lifecycle.</summary>
    public FailureReason Reason => Code == TooLarge ? FailureReason.MediaTooLarge : FailureReason.MediaRejected;

    /// <summary>It has no bytes.</summary>
    public const string Empty = "media_empty";

    /// <summary>It has more bytes than are fetched, or cannot be made small enough.</summary>
    public const string TooLarge = "media_size";

    /// <summary>It is of a type that the carrier does not take and that is not converted to one that it does.</summary>
    public const string Type = "media_type";

    /// <summary>It is cut off, or damaged.</summary>
    public const string Broken = "media_broken";

    /// <summary>What it would be when unpacked is out of all measure.</summary>
    public const string Bomb = "media_bomb";

    /// <summary>Its host did not give it.</summary>
    public const string Unreachable = "media_unreachable";

    /// <summary>It took longer than it may.</summary>
    public const string Timeout = "media_timeout";

    /// <summary>Omni keeps no such file.</summary>
    public const string Missing = "media_missing";

    /// <summary>The function could not handle it, whatever it is.</summary>
    public const string Fault = "media_fault";

    /// <summary>There is no program here that converts sound and film.</summary>
    public const string NoConverter = "converter_missing";
}

/// <summary>A file that was made.</summary>
/// <param name="Bytes">Its bytes.</param>
/// <param name="Type">Its content type.</param>
/// <param name="Encodes">How often it was encoded until it fitted; zero when it was only cleaned.</param>
internal sealed record MadeFile(byte[] Bytes, string Type, int Encodes);

/// <summary>A file cannot be made into what its carrier takes.</summary>
/// <param name="refusal">Why.</param>
internal sealed class MediaException(MediaRefusal refusal) : Exception(refusal.Detail)
{
    /// <summary>Makes one.</summary>
    public MediaException(string code, string detail) : this(new MediaRefusal(code, detail)) { }

    /// <summary>Why.</summary>
    public MediaRefusal Refusal { get; } = refusal;
}
