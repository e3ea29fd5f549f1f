namespace JobQueue.Api.Requests;

/// <summary>Reads the fields of a body. What is wrong goes to <see cref="FieldReader.Errors"/>; then its answer is not used.</summary>
internal delegate T BodyReader<out T>(ref FieldReader body);
