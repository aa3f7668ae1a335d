// expects: CS0234
namespace Snippet
{
    public static class Uses
    {
        public static object Try(string s, byte[] b)
        {
            return new System.Collections.Generic.Dictionary<int, int>();
        }
    }
}
