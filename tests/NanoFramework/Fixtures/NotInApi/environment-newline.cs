// expects: CS0117
using System;

namespace Snippet
{
    public static class Uses
    {
        public static object Try(string s, byte[] b)
        {
            return Environment.NewLine;
        }
    }
}
