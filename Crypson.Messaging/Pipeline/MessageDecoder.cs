using Crypson.Models;

namespace Crypson.Messaging;

/// <summary>The receiver: takes the mask off and reads each latent with the classifier.</summary>
/// <param name="model">The model the message was made with.</param>
public sealed class MessageDecoder(CrypsonModel model)
{
    /// <summary>The bytes of a message.</summary>
    /// <exception cref="MessageException">It was made with another model, or its letters make no sense.</exception>
    public byte[] Decode(MessageFile message, Action<int, int>? progress = null)
    {
        message.RequireModel(model.Hash.Span);
        var kind = model.TimeEmbedding.Kind == TimeEmbeddingKind.Continuous ? MessageTime.Continuous : MessageTime.Discrete;
        if (message.Time != kind)
        {
            throw new MessageException($"the message has a {message.Time} time embedding, the model a {kind} one\n  hint: read it with the model it was written with");
        }

        var quantizer = new LatentQuantizer(message.Step);
        var latents = message.Latents.ToArray();
        new TimeMask(model.TimeEmbedding, quantizer).Subtract(latents, message.StartTime);
        var symbols = Array.ConvertAll(LatentReader.Read(model, quantizer, latents, progress), reading => reading.Class);
        return new SymbolCodec(model.Classes.Characters).Decode(symbols);
    }
}
