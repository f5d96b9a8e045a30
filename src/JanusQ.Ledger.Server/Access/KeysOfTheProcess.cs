using System.Collections.Concurrent;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;

namespace JanusQ.Ledger.Server.Access;

/// <summary>
/// The framework makes keys to protect cookies with, of which this server has none, and would write them into a folder of whoever starts
/// it: they stay in memory.
/// </summary>
internal sealed class KeysOfTheProcess : IXmlRepository
{
    private readonly ConcurrentQueue<XElement> _elements = new();

    /// <summary>Sets it.</summary>
    public static void Use(KeyManagementOptions options)
    {
        options.XmlRepository = new KeysOfTheProcess();
        options.XmlEncryptor = new NullXmlEncryptor();
    }

    /// <inheritdoc />
    public IReadOnlyCollection<XElement> GetAllElements() => [.. _elements];

    /// <inheritdoc />
    public void StoreElement(XElement element, string friendlyName) => _elements.Enqueue(element);
}
