using System.Buffers.Binary;
using System.Text;

namespace Omni.Publish;

/// <summary>
/// What an executable for 64-bit Linux says about itself, read as the loader reads it: from its segments, which stay when symbols and
/// sections are stripped. The layout is that of elf(5) and of
/// https://refspecs.linuxfoundation.org/LSB_5.0.0/LSB-Core-generic/LSB-Core-generic/symversion.html
/// </summary>
/// <param name="Machine">Its processor: 62 is x86-64, 183 is arm64.</param>
/// <param name="Needs">The versions that it needs of shared libraries, such as <c>GLIBC_2.34</c>.</param>
internal sealed record ElfFile(ushort Machine, IReadOnlyList<string> Needs)
{
    private const int SegmentLoad = 1;
    private const int SegmentDynamic = 2;
    private const long TagStrings = 5;
    private const long TagNeeds = 0x6ffffffe;
    private const long TagNeedsCount = 0x6fffffff;

    public static ElfFile Read(byte[] file)
    {
        try
        {
            return ReadUnchecked(file);
        }
        catch (Exception cut) when (cut is ArgumentOutOfRangeException or OverflowException or KeyNotFoundException)
        {
            throw new InvalidDataException("The ELF file is cut or damaged.", cut);
        }
    }

    private static ElfFile ReadUnchecked(byte[] file)
    {
        ReadOnlySpan<byte> bytes = file;
        // Magic, 64 bits, little endian: what Lambda's two processors have.
        if (!bytes.StartsWith("\u007fELF\u0002\u0001"u8))
            throw new InvalidDataException("Not an ELF file for a 64-bit little-endian processor.");

        List<(int Type, long Offset, long Address, long Size)> segments = [];
        var (table, entrySize, count) = (Int64(bytes, 32), UInt16(bytes, 54), UInt16(bytes, 56));
        for (var i = 0; i < count; i++)
        {
            var entry = bytes[checked((int)(table + (i * entrySize)))..];
            segments.Add(((int)UInt32(entry, 0), Int64(entry, 8), Int64(entry, 16), Int64(entry, 32)));
        }

        Dictionary<long, long> tags = [];
        foreach (var dynamic in segments.Where(segment => segment.Type == SegmentDynamic))
        {
            for (var at = dynamic.Offset; at < dynamic.Offset + dynamic.Size; at += 16) tags.TryAdd(Int64(bytes, at), Int64(bytes, at + 8));
        }

        List<string> needs = [];
        if (tags.TryGetValue(TagNeeds, out var needsAddress))
        {
            var strings = InFile(tags[TagStrings]);
            var library = InFile(needsAddress);
            for (var left = tags[TagNeedsCount]; left > 0; left--)
            {
                var version = library + UInt32(bytes, library + 8);
                for (var versions = UInt16(bytes, library + 2); versions > 0; versions--)
                {
                    needs.Add(Text(bytes, strings + UInt32(bytes, version + 8)));
                    version += UInt32(bytes, version + 12);
                }

                library += UInt32(bytes, library + 12);
            }
        }

        return new(UInt16(bytes, 18), needs);

        long InFile(long address)
        {
            var segment = segments.FirstOrDefault(
                segment => segment.Type == SegmentLoad && address >= segment.Address && address < segment.Address + segment.Size);
            return segment.Size > 0
                ? address - segment.Address + segment.Offset
                : throw new InvalidDataException("An address of the ELF file is in none of its segments.");
        }
    }

    private static string Text(ReadOnlySpan<byte> bytes, long at)
    {
        var rest = bytes[checked((int)at)..];
        return Encoding.ASCII.GetString(rest[..rest.IndexOf((byte)0)]);
    }

    private static long Int64(ReadOnlySpan<byte> bytes, long at) =>
        BinaryPrimitives.ReadInt64LittleEndian(bytes.Slice(checked((int)at), 8));

    private static uint UInt32(ReadOnlySpan<byte> bytes, long at) =>
        BinaryPrimitives.ReadUInt32LittleEndian(bytes.Slice(checked((int)at), 4));

    private static ushort UInt16(ReadOnlySpan<byte> bytes, long at) =>
        BinaryPrimitives.ReadUInt16LittleEndian(bytes.Slice(checked((int)at), 2));
}
