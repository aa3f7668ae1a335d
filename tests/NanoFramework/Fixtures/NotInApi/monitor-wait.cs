// expects: CS0117
using System.Threading;

namespace Snippet
{
    public static class Uses
    {
        public static object Try(string s, byte[] b)
        {
            Monitor.Wait(b); return null;
        }
    }
}
