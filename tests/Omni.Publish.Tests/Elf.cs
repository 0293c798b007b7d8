using System.Buffers.Binary;
using System.Text;

namespace Omni.Publish.Tests;

/// <summary>Executables made by hand: a header, two segments, and what they need of libc.</summary>
internal static class Elf
{
    public const ushort X64 = 62;
    public const ushort Arm64 = 183;

    // Where the file lies in memory, so that a reader that takes addresses for offsets finds nothing.
    private const int Base = 0x10000;

    /// <param name="machine">Its processor.</param>
    /// <param name="size">How large it is made with zeros.</param>
    /// <param name="needs">The versions that it needs, each of its own library.</param>
    public static byte[] Make(ushort machine, int size = 4096, params string[] needs)
    {
        const int dynamic = 64 + (2 * 56);
        const int records = dynamic + (4 * 16);
        var strings = records + (needs.Length * 32);
        var file = new byte[Math.Max(size, 4096)];
        "\u007fELF\u0002\u0001\u0001"u8.CopyTo(file);
        U16(18, machine);
        U64(32, 64);
        U16(54, 56);
        U16(56, 2);

        // The whole file is loaded; the second segment is the dynamic table.
        Segment(64, type: 1, offset: 0, length: file.Length);
        Segment(64 + 56, type: 2, offset: dynamic, length: 4 * 16);
        Tag(0, 5, Base + strings);
        if (needs is not [])
        {
            Tag(1, 0x6ffffffe, Base + records);
            Tag(2, 0x6fffffff, needs.Length);
        }

        var text = 1;
        for (var i = 0; i < needs.Length; i++)
        {
            var at = records + (i * 32);
            U16(at + 2, 1);
            U32(at + 8, 16);
            U32(at + 12, i + 1 < needs.Length ? 32 : 0);
            U32(at + 16 + 8, text);
            Encoding.ASCII.GetBytes(needs[i]).CopyTo(file, strings + text);
            text += needs[i].Length + 1;
        }

        return file;

        void Segment(int at, int type, int offset, int length)
        {
            U32(at, type);
            U64(at + 8, offset);
            U64(at + 16, Base + offset);
            U64(at + 32, length);
        }

        void Tag(int index, long tag, long value)
        {
            U64(dynamic + (index * 16), tag);
            U64(dynamic + (index * 16) + 8, value);
        }

        void U16(int at, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(at), value);
        void U32(int at, int value) => BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(at), value);
        void U64(int at, long value) => BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(at), value);
    }
}
