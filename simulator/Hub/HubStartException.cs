namespace Gateway.Hub;

/// <summary>The hub cannot start. The message is one sentence for the person who started it; the command line shows it alone and exits with 1.</summary>
public class HubStartException(string sentence, Exception? cause = null) : Exception(sentence, cause);

/// <summary>A port is taken or may not be opened.</summary>
public sealed class PortTakenException(string sentence, Exception? cause = null) : HubStartException(sentence, cause);

/// <summary>The data folder cannot be made or written.</summary>
public sealed class DataFolderException(string sentence, Exception? cause = null) : HubStartException(sentence, cause);

/// <summary>The database belongs to another program, another version, or is damaged.</summary>
public sealed class DataVersionException(string sentence, Exception? cause = null) : HubStartException(sentence, cause);

/// <summary>The station file has errors.</summary>
public sealed class StationFileException(string sentence, Exception? cause = null) : HubStartException(sentence, cause);

/// <summary>A certificate or its key cannot be used or made.</summary>
public sealed class CertificateException(string sentence, Exception? cause = null) : HubStartException(sentence, cause);

/// <summary>The configuration file has errors, or asks for what must not be.</summary>
public sealed class ConfigurationException(string sentence, Exception? cause = null) : HubStartException(sentence, cause);

/// <summary>A backup cannot be made, or cannot be restored.</summary>
public sealed class BackupException(string sentence, Exception? cause = null) : HubStartException(sentence, cause);
