// allows: pointer
namespace Snippet
{
    public static class Uses
    {
        public static unsafe byte First(byte[] bytes)
        {
            fixed (byte* p = bytes)
            {
                return *p;
            }
        }
    }
}
