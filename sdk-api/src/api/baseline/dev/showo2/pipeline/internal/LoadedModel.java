package dev.showo2.pipeline.internal;

public final class LoadedModel {
  public LoadedModel(dev.showo2.model.Bundle bundle, String backendId, dev.showo2.spi.Backend backend, dev.showo2.text.TextTokenizer tokenizer) { super(); throw null; }
  public LoadedModel(dev.showo2.model.Bundle bundle, String backendId, dev.showo2.spi.Backend backend, dev.showo2.text.TextTokenizer tokenizer, AsyncRequests requests, dev.showo2.text.ControlTokens controlTokens) { super(); throw null; }
  public void markClosing() { throw null; }
  public boolean isClosing() { throw null; }
  public void markClosed() { throw null; }
  public dev.showo2.model.Bundle bundle() { throw null; }
  public String backendId() { throw null; }
  public dev.showo2.spi.Backend backend() { throw null; }
  public dev.showo2.text.TextTokenizer tokenizer() { throw null; }
  public dev.showo2.text.ControlTokens controlTokens() { throw null; }
  public AsyncRequests requests() { throw null; }
  public dev.showo2.model.Architecture architecture() { throw null; }
  public dev.showo2.sequence.internal.SequenceLayout layout() { throw null; }
  public dev.showo2.sequence.internal.SequenceLayout layout(String system) { throw null; }
  public void require(String task, dev.showo2.stage.Stage... stages) { throw null; }
}
