package dev.showo2;

public final class ShowO2 implements AutoCloseable {
  ShowO2() { super(); throw null; }
  public static ShowO2 open(java.nio.file.Path bundle) { throw null; }
  public static ShowO2.Builder builder(java.nio.file.Path bundle) { throw null; }
  public static ShowO2 of(dev.showo2.model.Bundle bundle, dev.showo2.spi.Backend backend) { throw null; }
  public dev.showo2.pipeline.TextToImage textToImage() { throw null; }
  public dev.showo2.pipeline.BestOf bestOf() { throw null; }
  public dev.showo2.pipeline.ImageToImage imageToImage() { throw null; }
  public dev.showo2.pipeline.Story story() { throw null; }
  public dev.showo2.pipeline.TextToVideo textToVideo() { throw null; }
  public dev.showo2.pipeline.ImageToVideo imageToVideo() { throw null; }
  public dev.showo2.pipeline.ImageUnderstanding imageUnderstanding() { throw null; }
  public dev.showo2.pipeline.VideoUnderstanding videoUnderstanding() { throw null; }
  public dev.showo2.pipeline.Chat chat() { throw null; }
  public void warmUp() { throw null; }
  public dev.showo2.model.Bundle bundle() { throw null; }
  public String backendId() { throw null; }
  public void close() { throw null; }
  public static final class Builder {
    Builder() { super(); throw null; }
    public ShowO2.Builder backend(String id) { throw null; }
    public ShowO2.Builder backends(dev.showo2.spi.Backends backends) { throw null; }
    public ShowO2.Builder classLoader(ClassLoader loader) { throw null; }
    public ShowO2.Builder config(dev.showo2.spi.BackendConfig config) { throw null; }
    public ShowO2.Builder device(String device) { throw null; }
    public ShowO2.Builder device(dev.showo2.spi.Device device) { throw null; }
    public ShowO2.Builder threads(int threads) { throw null; }
    public ShowO2.Builder option(String name, String value) { throw null; }
    public ShowO2.Builder shutdownGrace(java.time.Duration grace) { throw null; }
    public ShowO2.Builder integrity(dev.showo2.model.Integrity integrity) { throw null; }
    public ShowO2.Builder tiling(dev.showo2.tiling.Tiling tiling) { throw null; }
    public ShowO2.Builder executor(java.util.concurrent.Executor executor) { throw null; }
    public ShowO2.Builder controlTokens(dev.showo2.text.ControlTokens controlTokens) { throw null; }
    public ShowO2 open() { throw null; }
  }
}
