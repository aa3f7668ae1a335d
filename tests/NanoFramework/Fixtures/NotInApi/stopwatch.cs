// expects: CS0246
using System.Diagnostics;

namespace Snippet
{
    public static class Uses
    {
        public static object Try(string s, byte[] b)
        {
            return new Stopwatch();
        }
    }
}
