// expects: CS8179
namespace Snippet
{
    public static class Uses
    {
        public static object Try(string s, byte[] b)
        {
            return (1, 2);
        }
    }
}
