namespace Compliance.Audit.Notes;

/// <summary>A note, checkpoint, key or proof that is malformed or does not hold. Nothing of it may be trusted.</summary>
/// <param name="message">What is wrong with it.</param>
/// <param name="cause">What was found out on the way.</param>
public sealed class NoteException(string message, Exception? cause = null) : Exception(message, cause);
