// expects: CS7036
using System.Threading;

namespace Snippet
{
    public static class Uses
    {
        public static object Try(string s, byte[] b)
        {
            return new AutoResetEvent(false).WaitOne(1);
        }
    }
}
