namespace Snippet
{
    public static class Uses
    {
        public static int Count;
    }
}
