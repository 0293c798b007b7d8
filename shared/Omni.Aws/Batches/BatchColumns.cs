namespace Omni.Aws;

/// <summary>The attributes of a batch's item and of its status items. What messages have too is in <see cref="MessageColumns"/>.</summary>
internal static class BatchColumns
{
    /// <summary>The start of the sort keys of status items.</summary>
    public const string StatusPrefix = "s#";

    /// <summary>The last sort key of status items.</summary>
    public const string LastStatus = "s#~";

    public const string Name = "nm";
    public const string Senders = "ss";
    public const string Total = "n";
    public const string Segments = "sg";
    public const string Refused = "rf";
    public const string Duplicates = "du";
    public const string File = "ob";
    public const string FileIndex = "ox";
    public const string Wanted = "st";
    public const string Released = "rl";
    public const string Claimed = "cl";
    public const string Open = "op";
    public const string Rate = "ra";

    /// <summary>Of a canceled batch: how many of its messages were released; none follows.</summary>
    public const string Cut = "ct";
    public const string ReleasedAt = "lt";

    /// <summary>Of a status item: that nothing of it is open.</summary>
    public const string Done = "d";

    /// <summary>The key of the index <c>conversation</c> under which a tenant's batches are listed; no conversation's id is so.</summary>
    public static string ListKeyOf(string tenant) => "batches#" + tenant;

    /// <summary>The sort key of a status item.</summary>
    /// <param name="chunk">Which of the batch's, from 0.</param>
    public static string StatusItem(int chunk) =>
        StatusPrefix + chunk.ToString("000000", System.Globalization.CultureInfo.InvariantCulture);
}
