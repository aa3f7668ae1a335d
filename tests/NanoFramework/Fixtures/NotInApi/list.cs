// expects: CS0246
using System.Collections;

namespace Snippet
{
    public static class Uses
    {
        public static object Try(string s, byte[] b)
        {
            return new List<int>();
        }
    }
}
