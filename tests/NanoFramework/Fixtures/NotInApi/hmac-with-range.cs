// expects: CS1501
using System.Security.Cryptography;

namespace Snippet
{
    public static class Uses
    {
        public static object Try(string s, byte[] b)
        {
            return new HMACSHA256(b).ComputeHash(b, 0, 1);
        }
    }
}
