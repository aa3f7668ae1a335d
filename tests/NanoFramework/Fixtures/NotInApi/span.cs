// expects: CS0246
using System;

namespace Snippet
{
    public static class Uses
    {
        public static object Try(string s, byte[] b)
        {
            Span<byte> span = b; return null;
        }
    }
}
