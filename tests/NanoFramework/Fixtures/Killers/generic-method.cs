namespace Snippet
{
    public static class Uses
    {
        public static bool Same<T>(T a)
        {
            return a.Equals(a);
        }
    }
}
