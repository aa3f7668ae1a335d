// expects: CS1061
namespace Snippet
{
    public static class Uses
    {
        public static object Try(string s, byte[] b)
        {
            return s.Replace("a", "b");
        }
    }
}
