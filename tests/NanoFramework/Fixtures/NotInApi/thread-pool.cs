// expects: CS0103
using System.Threading;

namespace Snippet
{
    public static class Uses
    {
        public static object Try(string s, byte[] b)
        {
            ThreadPool.QueueUserWorkItem(null); return null;
        }
    }
}
