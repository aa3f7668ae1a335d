// expects: CS0518
namespace Snippet
{
    public static class Uses
    {
        public static object Try(string s, byte[] b)
        {
            int? n = 1; return n;
        }
    }
}
