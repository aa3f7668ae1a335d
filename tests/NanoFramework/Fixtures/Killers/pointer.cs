namespace Snippet
{
    public static class Uses
    {
        public static unsafe int Read(int* p)
        {
            return *p;
        }
    }
}
